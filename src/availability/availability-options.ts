import { DisruptionBudget } from './disruption-budget';
import { UpdateStrategy } from './update-strategy';

/** Properties that decide how many pods serve, also while nodes are drained and pods replaced. */
export interface AvailabilityOptions {
  /**
   * Whether the server outlives the loss of a node: two replicas, each on a node of its own and in different zones where that is possible, a
   * disruption budget of one pod, and updates that take one pod at a time. The second pod waits until there is a second node for it. A
   * property that says otherwise wins, `affinity` by its `podAntiAffinity`, and each alone; with `replicas` of 1 there is no budget unless you give one.
   * Where `clusterVersion` is 1.27 or newer, pods that are not ready hold up no drain.
   *
   * kube-apiserver asks both replicas only with `--enable-aggregator-routing=true`.
   *
   * @default false
   */
  readonly highAvailability?: boolean;
  /**
   * Number of pods, 1 or more. Only 1 beside a nanny.
   *
   * @default - 1, left to Kubernetes, so that whoever scales the Deployment is not overruled; with `highAvailability` 2
   */
  readonly replicas?: number;
  /**
   * How the Deployment replaces its pods.
   *
   * @default - rolling, no pod missing meanwhile; with `highAvailability` one, with metrics-server v0.3 as Kubernetes does by default
   */
  readonly updateStrategy?: UpdateStrategy;
  /**
   * How many pods have to stay while nodes are drained.
   *
   * @default - no budget; with `highAvailability` one pod, unless there is but one
   */
  readonly disruptionBudget?: DisruptionBudget;
}
