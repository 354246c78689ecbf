/** What a taint does to pods that do not tolerate it. */
export enum TaintEffect {
  /** Such pods are not scheduled to the node. */
  NO_SCHEDULE = 'NoSchedule',
  /** Such pods are scheduled to the node only when no other fits. */
  PREFER_NO_SCHEDULE = 'PreferNoSchedule',
  /** Such pods are not scheduled to the node, and those that run there are evicted. */
  NO_EXECUTE = 'NoExecute',
}

/** Taints of nodes that the pods may run on nevertheless. */
export interface Toleration {
  /**
   * Key of the tolerated taints.
   *
   * @default - taints with any key
   */
  readonly key?: string;
  /**
   * Value of the tolerated taints. Needs `key`.
   *
   * @default - taints with any value
   */
  readonly value?: string;
  /**
   * Effect of the tolerated taints.
   *
   * @default - taints with any effect
   */
  readonly effect?: TaintEffect;
  /**
   * Seconds until a pod that runs on the node is evicted. Only with effect `NoExecute`.
   *
   * @default - never
   */
  readonly tolerationSeconds?: number;
}
