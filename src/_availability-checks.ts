import { IConstruct } from 'constructs';
import { allOf, fieldsOf, instanceOf, memberOf, OptionalChecks, wholeNumber } from './_checks';
import { Check, checkBoolean, checkInteger, refuse } from './_validation';
import { AvailabilityOptions } from './availability-options';
import { DisruptionBudget, UnhealthyPodEvictionPolicy } from './disruption-budget';
import { PercentOrAbsolute } from './percent-or-absolute';
import { RollingUpdateOptions, UpdateStrategy } from './update-strategy';

function podCount(maxPercent = 100): Check {
  return allOf(instanceOf(PercentOrAbsolute), (scope, property, value) => {
    const { _amount, _isPercent } = value as PercentOrAbsolute;
    checkInteger(scope, property, _amount ?? null, 0, _isPercent ? maxPercent : Number.MAX_SAFE_INTEGER);
  });
}

const checkRollingUpdate = allOf(
  fieldsOf<RollingUpdateOptions>({}, { maxUnavailable: podCount(), maxSurge: podCount(Number.MAX_SAFE_INTEGER) }),
  (scope, property, value) => {
    const { maxUnavailable, maxSurge } = value as RollingUpdateOptions;
    if (maxUnavailable?._amount !== 0 || maxSurge?._amount !== 0) return;
    refuse(scope, {
      property: `${property}.maxUnavailable`,
      given: '0 beside a maxSurge of 0',
      allowed: 'one of the two above zero, or no update ever begins',
      mend: 'set one of them to PercentOrAbsolute.absolute(1)',
    });
  },
);

const checkUpdateStrategy = allOf(instanceOf(UpdateStrategy), (scope, property, value) => {
  const { _type, _rollingUpdate } = value as UpdateStrategy;
  if (_type === 'RollingUpdate') checkRollingUpdate(scope, property, _rollingUpdate);
});

const checkDisruptionBudget = allOf(
  fieldsOf<DisruptionBudget>({}, {
    minAvailable: podCount(),
    maxUnavailable: podCount(),
    unhealthyPodEvictionPolicy: memberOf('UnhealthyPodEvictionPolicy', UnhealthyPodEvictionPolicy),
  }),
  (scope, property, value) => {
    const { minAvailable, maxUnavailable } = value as DisruptionBudget;
    if (minAvailable === undefined || maxUnavailable === undefined) return;
    refuse(scope, {
      property: `${property}.maxUnavailable`,
      given: `${maxUnavailable._wire} beside minAvailable`,
      allowed: 'one of the two: kube-apiserver refuses a PodDisruptionBudget with both',
      mend: 'remove one of them',
    });
  },
);

export const AVAILABILITY_CHECKS: OptionalChecks<AvailabilityOptions> = {
  highAvailability: checkBoolean,
  replicas: wholeNumber(1, Number.MAX_SAFE_INTEGER, ', since an APIService without a server breaks discovery'),
  updateStrategy: checkUpdateStrategy,
  disruptionBudget: checkDisruptionBudget,
};

/** What the properties show together. */
export function checkAvailabilityTogether(scope: IConstruct, props: AvailabilityOptions): void {
  if (!props.highAvailability || props.replicas !== 1) return;
  refuse(scope, {
    property: 'replicas',
    given: '1 beside highAvailability',
    allowed: '2 or more: with one replica the loss of its node is the loss of the API',
    mend: 'leave replicas out for 2, or remove highAvailability',
  });
}
