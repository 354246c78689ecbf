import { AggregatedApiServiceOptions } from './aggregated-api-service';
import { DisruptionBudget } from './disruption-budget';
import { NetworkPolicyOptions } from './network-policy-options';
import { ISecretRef } from './references';
import { UpdateStrategy } from './update-strategy';

/** Properties of the objects around an extension API server's pods. */
export interface ObjectOptions extends AggregatedApiServiceOptions {
  /**
   * Number of the Service's port, from 1 to 65535. The APIServices follow it.
   *
   * @default 443
   */
  readonly servicePort?: number;
  /**
   * Annotations of the Deployment.
   *
   * @default - none
   */
  readonly deploymentAnnotations?: { readonly [key: string]: string };
  /**
   * How many old ReplicaSets the Deployment keeps, 0 or more.
   *
   * @default - 10, left to Kubernetes
   */
  readonly revisionHistoryLimit?: number;
  /**
   * How the Deployment replaces its pods.
   *
   * @default - rolling, no pod missing meanwhile; with `highAvailability` one, with metrics-server v0.3 as Kubernetes does by default
   */
  readonly updateStrategy?: UpdateStrategy;
  /**
   * Name of the synthesized ServiceAccount. Not beside `serviceAccount`.
   *
   * @default - the server's name
   */
  readonly serviceAccountName?: string;
  /**
   * Annotations of the synthesized ServiceAccount. Not beside `serviceAccount`.
   *
   * @default - none
   */
  readonly serviceAccountAnnotations?: { readonly [key: string]: string };
  /**
   * Secrets that the synthesized ServiceAccount lists as those that its pods may mount. Not beside `serviceAccount`.
   *
   * @default - none
   */
  readonly serviceAccountSecrets?: ISecretRef[];
  /**
   * Whether roles and their bindings are synthesized. If not, someone else grants the ServiceAccount what they would: the rights in
   * `clusterRules`, those to keep a self-managed certificate, and those of a nanny:
   * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/made-elsewhere.md
   *
   * @default true
   */
  readonly rbac?: boolean;
  /**
   * Whether the bindings for delegated authentication and authorization are synthesized. If not, someone else binds the ServiceAccount to the
   * ClusterRole `system:auth-delegator` and, in `kube-system`, to the Role `extension-apiserver-authentication-reader`.
   *
   * @default - as `rbac`
   */
  readonly authBindings?: boolean;
  /**
   * How many pods have to stay while nodes are drained.
   *
   * @default - no budget; with `highAvailability` one pod
   */
  readonly disruptionBudget?: DisruptionBudget;
  /**
   * Whether the server outlives the loss of a node: two replicas, each on a node of its own and in different zones where that is possible, a
   * disruption budget of one pod, and updates that take one pod at a time. The second pod waits until there is a second node for it. A
   * property that says otherwise wins, `affinity` by its `podAntiAffinity`. One replica alone is refused.
   *
   * kube-apiserver asks both replicas only with `--enable-aggregator-routing=true`.
   *
   * @default false
   */
  readonly highAvailability?: boolean;
  /**
   * Who may connect to the server, and whom it may connect to.
   *
   * @default - no NetworkPolicy
   */
  readonly networkPolicy?: NetworkPolicyOptions;
}
