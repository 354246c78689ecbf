import { PercentOrAbsolute } from './percent-or-absolute';

/** Whether pods that are not ready may be evicted. */
export enum UnhealthyPodEvictionPolicy {
  /** Only while the budget is kept without them. */
  IF_HEALTHY_BUDGET = 'IfHealthyBudget',
  /** Always, so that a server that never gets ready holds up no drain. */
  ALWAYS_ALLOW = 'AlwaysAllow',
}

/**
 * How many pods have to stay while nodes are drained: a PodDisruptionBudget.
 *
 * A budget that never lets a pod go, such as `minAvailable` of 1 with one replica, makes every drain hang.
 */
export interface DisruptionBudget {
  /**
   * Whether there is a budget. `false` is for `highAvailability` without one; then nothing else is set here.
   *
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Pods that stay. Excludes `maxUnavailable`.
   *
   * @default - 1, unless `maxUnavailable` is given
   */
  readonly minAvailable?: PercentOrAbsolute;
  /**
   * Pods that may be missing. Excludes `minAvailable`.
   *
   * @default - none, `minAvailable` counts
   */
  readonly maxUnavailable?: PercentOrAbsolute;
  /**
   * Whether pods that are not ready may be evicted. From Kubernetes 1.27 on.
   *
   * @default - `ALWAYS_ALLOW` with `highAvailability` where `clusterVersion` is 1.27 or newer, else left to Kubernetes, which means
   * `IF_HEALTHY_BUDGET`
   */
  readonly unhealthyPodEvictionPolicy?: UnhealthyPodEvictionPolicy;
}
