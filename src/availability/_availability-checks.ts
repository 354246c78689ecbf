import { AvailabilityOptions } from './availability-options';
import { DisruptionBudget, UnhealthyPodEvictionPolicy } from './disruption-budget';
import { PercentOrAbsolute } from './percent-or-absolute';
import { RollingUpdateOptions, UpdateStrategy } from './update-strategy';
import { allOf, fieldsOf, instanceOf, memberOf, OptionalChecks, wholeNumber } from '../validation/_checks';
import { Check, checkBoolean, checkInteger, MAX_INT32, refuse } from '../validation/_validation';

function podCount(maxPercent = 100): Check {
  return allOf(instanceOf(PercentOrAbsolute), (scope, property, value) => {
    const { _amount, _isPercent } = value as PercentOrAbsolute;
    checkInteger(scope, property, _amount ?? null, 0, _isPercent ? maxPercent : MAX_INT32);
  });
}

const checkRollingUpdate = allOf(
  fieldsOf<RollingUpdateOptions>({}, { maxUnavailable: podCount(), maxSurge: podCount(MAX_INT32) }),
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
    enabled: checkBoolean,
    minAvailable: podCount(),
    maxUnavailable: podCount(),
    unhealthyPodEvictionPolicy: memberOf('UnhealthyPodEvictionPolicy', UnhealthyPodEvictionPolicy),
  }),
  (scope, property, value) => {
    const { enabled, ...rest } = value as DisruptionBudget;
    const [ignored] = Object.entries(rest).filter(([, field]) => field !== undefined);
    if (enabled !== false || !ignored) return;
    refuse(scope, {
      property: `${property}.${ignored[0]}`,
      given: 'a value beside enabled: false',
      allowed: 'none where there is no budget',
      mend: 'remove one of the two',
    });
  },
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
  replicas: wholeNumber(1, MAX_INT32, ', since an APIService without a server breaks discovery'),
  updateStrategy: checkUpdateStrategy,
  disruptionBudget: checkDisruptionBudget,
};
