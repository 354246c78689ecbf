import { NodeAffinity } from './node-affinity';
import { PodAffinity, PodAntiAffinity } from './pod-affinity';

/** Where pods may or should run, by the labels of nodes and of other pods. Names are those of the Kubernetes API. */
export interface Affinity {
  /**
   * By the labels of nodes.
   *
   * @default - none
   */
  readonly nodeAffinity?: NodeAffinity;
  /**
   * Near other pods.
   *
   * @default - none
   */
  readonly podAffinity?: PodAffinity;
  /**
   * Away from other pods.
   *
   * @default - none
   */
  readonly podAntiAffinity?: PodAntiAffinity;
}
