import { LabelSelector } from '../kubernetes/label-selector';

/** What happens to a pod that no node can take without breaking a constraint. */
export enum UnsatisfiableConstraintAction {
  /** It waits. */
  DO_NOT_SCHEDULE = 'DoNotSchedule',
  /** It goes where it breaks the constraint least. */
  SCHEDULE_ANYWAY = 'ScheduleAnyway',
}

/** Whether something is taken into account. */
export enum NodeInclusionPolicy {
  /** It is. */
  HONOR = 'Honor',
  /** It is not. */
  IGNORE = 'Ignore',
}

/** How pods are spread over zones, hosts or other domains of nodes. */
export interface TopologySpreadConstraint {
  /** Label of nodes whose value says which domain they belong to, such as `topology.kubernetes.io/zone`. */
  readonly topologyKey: string;
  /** What happens to a pod that cannot be placed so. */
  readonly whenUnsatisfiable: UnsatisfiableConstraintAction;
  /**
   * By how many pods two domains may differ, 1 or more.
   *
   * @default 1
   */
  readonly maxSkew?: number;
  /**
   * Pods that are counted.
   *
   * @default - the server's own pods, by `selectorLabels`; Kubernetes' own default is none
   */
  readonly labelSelector?: LabelSelector;
  /**
   * Domains that have to exist, 1 or more, or no pod is placed in a further one. Only with `DO_NOT_SCHEDULE`.
   *
   * @default - 1, left to Kubernetes
   */
  readonly minDomains?: number;
  /**
   * Whether domains are counted by the nodes that `nodeSelector` and `affinity` allow.
   *
   * @default - they are, left to Kubernetes
   */
  readonly nodeAffinityPolicy?: NodeInclusionPolicy;
  /**
   * Whether domains are counted by the nodes whose taints are tolerated.
   *
   * @default - all nodes are counted, left to Kubernetes
   */
  readonly nodeTaintsPolicy?: NodeInclusionPolicy;
  /**
   * Labels of the scheduled pod that select the counted pods beside `labelSelector`, such as `pod-template-hash`. Not those of
   * `labelSelector`.
   *
   * @default - none
   */
  readonly matchLabelKeys?: string[];
}
