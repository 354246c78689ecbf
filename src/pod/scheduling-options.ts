import { Affinity } from './affinity';
import { Toleration } from './toleration';
import { TopologySpreadConstraint } from './topology-spread-constraint';

/** Where pods may run, and what makes room for them. */
export interface SchedulingOptions {
  /**
   * Name of the PriorityClass of the pods. Empty text for none.
   *
   * @default - `system-cluster-critical` for a `MetricsServer` from v0.4 on and a `KubeletServingApprover`, else none
   */
  readonly priorityClassName?: string;
  /**
   * Taints of nodes that the pods may run on nevertheless.
   *
   * @default - none
   */
  readonly tolerations?: Toleration[];
  /**
   * Labels of the nodes that the pods may run on.
   *
   * @default - `kubernetes.io/os: linux`, any node for metrics-server v0.3
   */
  readonly nodeSelector?: { readonly [key: string]: string };
  /**
   * Where the pods may or should run, by the labels of nodes and of other pods.
   *
   * @default - no preference
   */
  readonly affinity?: Affinity;
  /**
   * How the pods are spread over zones, hosts or other domains of nodes.
   *
   * @default - as the scheduler is set up
   */
  readonly topologySpreadConstraints?: TopologySpreadConstraint[];
  /**
   * Name of the scheduler that places the pods.
   *
   * @default - the cluster's default scheduler
   */
  readonly schedulerName?: string;
}
