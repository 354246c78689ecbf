import { ExternalMetricTarget, ObjectMetricTarget, PodsMetricTarget } from './metric-target';
import { allOf, fieldsOf } from '../validation/_checks';
import { quantityValue } from '../validation/_quantity';
import { Check, checkObjectName, refuse } from '../validation/_validation';

/** kube-apiserver refuses an autoscaler whose target is not above zero. */
const checkTargetQuantity: Check = (scope, property, quantity) => {
  if (typeof quantity === 'string' && (quantityValue(quantity) ?? 0) > 0) return;
  refuse(scope, { property, given: quantity, allowed: 'a Kubernetes quantity above zero, as text', mend: `write ${property} as in '100', or '500m' for half` });
};

const VALUES = { value: checkTargetQuantity, averageValue: checkTargetQuantity };

const checkEitherValue: Check = (scope, property, target) => {
  const { value, averageValue } = target as ExternalMetricTarget;
  if ((value === undefined) !== (averageValue === undefined)) return;
  refuse(scope, {
    property, given: value === undefined ? 'neither value nor averageValue' : 'both value and averageValue', allowed: 'one of them', mend: 'give averageValue for what one pod can do, or value for all together',
  });
};

export const checkPodsMetricTarget = fieldsOf<PodsMetricTarget>({ averageValue: checkTargetQuantity }, {});
export const checkObjectMetricTarget = allOf(fieldsOf<ObjectMetricTarget>({ name: checkObjectName }, VALUES), checkEitherValue);
export const checkExternalMetricTarget = allOf(fieldsOf<ExternalMetricTarget>({}, VALUES), checkEitherValue);

/** As autoscaling/v2 has it. */
export function wireTarget({ value, averageValue }: ExternalMetricTarget): object {
  return value === undefined ? { type: 'AverageValue', averageValue } : { type: 'Value', value };
}
