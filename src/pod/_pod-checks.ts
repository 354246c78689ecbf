import { IConstruct } from 'constructs';
import { ContainerResources, ResourceQuantities } from './resources';
import { TaintEffect, Toleration } from './toleration';
import { allOf, emptyOr, fieldsOf, memberOf } from '../validation/_checks';
import { quantityValue } from '../validation/_quantity';
import { checkTree } from '../validation/_tree-check';
import {
  Check, checkImageReference, checkLabelKey, checkLabelName, checkLabelValue, checkMemory, checkQuantity, isRecord, refuse,
} from '../validation/_validation';

const IN_WIRE_FORM = { 'ephemeral-storage': 'write ephemeralStorage' };

const checkQuantities = fieldsOf<ResourceQuantities>({}, { cpu: checkQuantity, memory: checkMemory, ephemeralStorage: checkMemory }, IN_WIRE_FORM);

/** Of a server's container: empty text leaves out what stands there otherwise. */
const checkServerQuantities = fieldsOf<ResourceQuantities>({}, {
  cpu: emptyOr(checkQuantity), memory: emptyOr(checkMemory), ephemeralStorage: emptyOr(checkMemory),
}, IN_WIRE_FORM);

export const checkResources = allOf(
  fieldsOf<ContainerResources>({}, { requests: checkQuantities, limits: checkQuantities }),
  checkLimitsHoldRequests,
);

export const checkServerResources = allOf(
  fieldsOf<ContainerResources>({}, { requests: checkServerQuantities, limits: checkServerQuantities }),
  checkLimitsHoldRequests,
);

export function checkLimitsHoldRequests(scope: IConstruct, property: string, resources: unknown): void {
  const { requests, limits } = (resources ?? {}) as ContainerResources;
  for (const name of ['cpu', 'memory', 'ephemeralStorage'] as const) {
    const [request, limit] = [requests?.[name], limits?.[name]];
    if (!request || !limit || quantityValue(limit)! >= quantityValue(request)!) continue;
    refuse(scope, {
      property: `${property}.limits.${name}`,
      given: limit,
      allowed: `${request} or more, since that is requested`,
      mend: `raise the limit or lower the request in ${property}.requests.${name}`,
    });
  }
}

const checkSeconds: Check = (scope, property, value) => {
  if (!Number.isSafeInteger(value)) refuse(scope, { property, given: value, allowed: 'whole seconds', mend: 'write a whole number' });
};

export const checkToleration = allOf(
  fieldsOf<Toleration>({}, {
    key: checkLabelKey,
    value: checkLabelValue,
    effect: memberOf('TaintEffect', TaintEffect),
    tolerationSeconds: checkSeconds,
  }, { operator: 'leave operator out: with a value it is Equal, without one Exists' }),
  (scope, property, toleration) => {
    const { key, value, effect, tolerationSeconds } = toleration as Toleration;
    if (value !== undefined && key === undefined) {
      refuse(scope, { property: `${property}.value`, given: value, allowed: 'a value only beside a key', mend: 'set the key of the taint as well' });
    }
    if (tolerationSeconds !== undefined && effect !== TaintEffect.NO_EXECUTE) {
      refuse(scope, {
        property: `${property}.tolerationSeconds`,
        given: tolerationSeconds,
        allowed: 'seconds only with effect NoExecute',
        mend: 'set effect to TaintEffect.NO_EXECUTE, or leave tolerationSeconds out',
      });
    }
  },
);

/** A container as the Kubernetes API has it, of which we know no more than this. */
export const checkAddedContainer: Check = (scope, property, container) => {
  if (!isRecord(container)) {
    refuse(scope, { property, given: container, allowed: 'an object with name and image', mend: `write ${property} as in { name: 'proxy', image: 'registry.example.com/proxy:1' }` });
  }
  checkLabelName(scope, `${property}.name`, container.name, 'proxy');
  checkImageReference(scope, `${property}.image`, container.image);
  checkTree(scope, property, container);
};
