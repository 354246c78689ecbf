import { LabelSelector } from '../kubernetes/label-selector';

/** Pods, and the domain of nodes that they share. */
export interface PodAffinityTerm {
  /** Which pods. Kubernetes takes a term without a selector for no pod at all, so one is needed here. */
  readonly labelSelector: LabelSelector;
  /** Label of nodes whose value says which of them belong together, such as `kubernetes.io/hostname`. */
  readonly topologyKey: string;
  /**
   * Names of the namespaces of those pods.
   *
   * @default - the server's namespace, unless `namespaceSelector` is given
   */
  readonly namespaces?: string[];
  /**
   * Namespaces of those pods by label, beside `namespaces`.
   *
   * @default - none
   */
  readonly namespaceSelector?: LabelSelector;
  /**
   * Labels whose values have to be the same as the scheduled pod's, such as `pod-template-hash`. Not those of `labelSelector`. From
   * Kubernetes 1.31.
   *
   * @default - none
   */
  readonly matchLabelKeys?: string[];
  /**
   * Labels whose values have to differ from the scheduled pod's. Not those of `labelSelector`. From Kubernetes 1.31.
   *
   * @default - none
   */
  readonly mismatchLabelKeys?: string[];
}

/** Pods, and how much their neighbourhood counts. */
export interface WeightedPodAffinityTerm {
  /** Which pods, and what their neighbourhood is. */
  readonly podAffinityTerm: PodAffinityTerm;
  /** Weight against other preferences, from 1 to 100. */
  readonly weight: number;
}

/** Pods that the server's pods are placed beside. */
export interface PodAffinity {
  /**
   * Pods that have to be near.
   *
   * @default - none
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  /**
   * Pods that should be near.
   *
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

/** Pods that the server's pods are kept away from. */
export interface PodAntiAffinity {
  /**
   * Pods that may not be near.
   *
   * @default - none
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  /**
   * Pods that should not be near.
   *
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}
