import { IConstruct } from 'constructs';
import { checkResourceRules } from './_discovery-rule-checks';
import { MetricSource } from './metric-source';
import { MetricsAdapterProps } from './metrics-adapter-props';
import { ImageFacts } from '../_facts/images';
import { INSTEAD_IN_OPTIONS, OPTION_CHECKS } from '../extension-api-server/_extension-api-server-checks';
import { checkServerResources } from '../pod/_pod-checks';
import { Image } from '../pod/image';
import { ServingCertificate } from '../serving-certificate/serving-certificate';
import { fieldsOf, instanceOf, listOf } from '../validation/_checks';
import { checkBoolean, checkLabels, checkSeconds, checkServiceName, checkText, refuse } from '../validation/_validation';

/** What each property shows by itself. */
export const checkMetricsAdapter = fieldsOf<MetricsAdapterProps>({ sources: listOf(instanceOf(MetricSource), 1) }, {
  ...OPTION_CHECKS,
  name: checkServiceName,
  image: instanceOf(Image),
  servingCertificate: instanceOf(ServingCertificate),
  selectorLabels: checkLabels,
  resources: checkServerResources,
  customMetrics: checkBoolean,
  externalMetrics: checkBoolean,
  resourceRules: checkResourceRules,
  shutdownDelay: (scope, property, value) => checkSeconds(scope, property, value, 0),
  extraArgs: listOf(checkText),
}, {
  ...INSTEAD_IN_OPTIONS,
  args: 'write extraArgs',
  clusterRules: 'remove it: the rights of an adapter follow from its metrics',
  groupVersions: 'set customMetrics or externalMetrics to false for what another adapter serves',
});

/** What the properties show together. */
export function checkMetricsAdapterTogether(scope: IConstruct, props: MetricsAdapterProps, namespace: string): void {
  const names = props.sources.map((source, i) => {
    source._check(scope, `sources[${i}]`, namespace);
    return source._name;
  });
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (twice >= 0) {
    refuse(scope, { property: `sources[${twice}].name`, given: names[twice], allowed: 'a name of its own for each source', mend: 'set name in the options of MetricSource.prometheus()' });
  }
  if (props.customMetrics === false && props.externalMetrics === false && !props.resourceRules) {
    refuse(scope, { property: 'externalMetrics', given: 'false beside customMetrics: false', allowed: 'one of them at least', mend: 'leave one of the two out, or remove the adapter' });
  }
  if (props.networkPolicy && !props.networkPolicy.egress?.length) {
    refuse(scope, {
      property: 'networkPolicy.egress',
      given: props.networkPolicy.egress,
      allowed: 'the addresses and ports of the sources, which the adapter could not reach otherwise',
      mend: 'write egress as in [{ cidrs: [\'10.0.0.0/8\'], ports: [9090] }], with the addresses of the sources\' pods where they are in the cluster',
    });
  }
}

export function checkIsCompanion(scope: IConstruct, { reference }: Image, { companion }: ImageFacts): void {
  if (companion) return;
  refuse(scope, {
    property: 'image',
    given: reference,
    allowed: 'the companion image, which alone has the adapter',
    mend: 'leave image out, or set it to Image.custom(reference, { compatibleWith: Image.companion() }) for a mirror of it',
  });
}
