import { jsonConfiguration, JSON_OPTIONAL, JSON_REQUIRED } from './_json-checks';
import { Origin, OriginPlace } from './_origin';
import { checkFilledLabels, selectorOf } from './_origin-checks';
import { DescribedResource } from './described-resource';
import { ObjectsOriginOptions } from './origin-options';
import { PolicyRule, RIGHTS } from '../_facts/rights';
import { LabelSet } from '../promql/_label-set';
import { allOf, fieldsOf, instanceOf } from '../validation/_checks';
import { Check, checkLabelName, checkObjectName, refuse } from '../validation/_validation';

const checkResource: Check = (scope, property, value) => {
  const resource = value as DescribedResource;
  resource._check(scope, property);
  if (resource._groupResource !== 'secrets') return;
  refuse(scope, { property, given: 'secrets', allowed: 'any other resource: what Secrets hold would stand in messages', mend: 'read it from what the Secret is of' });
};

const checkOptions = fieldsOf<ObjectsOriginOptions>({ ...JSON_REQUIRED, resource: allOf(instanceOf(DescribedResource), checkResource) }, {
  ...JSON_OPTIONAL, objectNamespace: checkLabelName, objectName: checkObjectName, objectLabels: checkFilledLabels,
});

export class ObjectsOrigin implements Origin {
  constructor(private readonly options: ObjectsOriginOptions) {}

  public get right(): { readonly namespace?: string; readonly rule: PolicyRule } {
    const { resource: { _group, _resource }, objectNamespace: namespace, objectName } = this.options;
    return { namespace, rule: RIGHTS.metricObjects(_group, _resource, objectName) };
  }

  public check({ scope }: OriginPlace, property: string): void {
    checkOptions(scope, property, this.options);
    const { resource, objectNamespace, objectName, objectLabels } = this.options;
    if (objectName === undefined) return;
    if (resource._isNamespaced && objectNamespace === undefined) {
      refuse(scope, {
        property: `${property}.objectNamespace`, given: objectNamespace, allowed: `the namespace of ${objectName}: ${resource._kind} has one`, mend: 'set objectNamespace to it',
      });
    }
    if (objectLabels === undefined) return;
    refuse(scope, { property: `${property}.objectLabels`, given: 'labels beside objectName', allowed: 'one of them, or none for all objects', mend: 'remove one of the two' });
  }

  public labels(): LabelSet {
    return LabelSet.only(['name', 'namespace', ...Object.keys(this.options.labels ?? {})]);
  }

  public configuration(): object {
    const { resource, objectNamespace, objectName, objectLabels } = this.options;
    return {
      objects: {
        apiVersion: resource._apiVersion,
        resource: resource._resource,
        ...objectNamespace !== undefined && { namespace: objectNamespace },
        ...objectName !== undefined && { name: objectName },
        ...objectLabels && { selector: selectorOf(objectLabels) },
        ...jsonConfiguration(this.options),
      },
    };
  }
}
