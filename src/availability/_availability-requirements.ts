import { AvailabilityOptions } from './availability-options';
import { UNHEALTHY_POD_EVICTION_SINCE } from '../_facts/cluster-versions';
import { Requirement } from '../kubernetes/_cluster-version';

/** By the history of policy/v1 at kubernetes.io/docs/reference. */
export const AVAILABILITY_REQUIREMENTS: readonly Requirement<AvailabilityOptions>[] = [
  {
    property: 'highAvailability',
    since: 21,
    reason: 'its PodDisruptionBudget is of policy/v1',
    isUsed: ({ highAvailability, replicas, disruptionBudget }) => !!highAvailability && replicas !== 1 && disruptionBudget?.enabled !== false,
  },
  { property: 'disruptionBudget', since: 21, reason: 'it is of policy/v1', isUsed: ({ disruptionBudget: budget }) => budget !== undefined && budget.enabled !== false },
  {
    property: 'disruptionBudget.unhealthyPodEvictionPolicy',
    since: UNHEALTHY_POD_EVICTION_SINCE,
    reason: 'older ones drop it',
    isUsed: ({ disruptionBudget }) => disruptionBudget?.unhealthyPodEvictionPolicy !== undefined,
  },
];
