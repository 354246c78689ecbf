import { AggregatedApiServiceOptions } from '../api-service/aggregated-api-service';
import { ISecretRef } from '../kubernetes/references';
import { NetworkPolicyOptions } from '../network/network-policy-options';

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
   * Name of the ServiceAccount that is synthesized, other than `default`, which Kubernetes makes. Not beside `serviceAccount`, which is for one that exists.
   *
   * @default - the server's name
   */
  readonly createdServiceAccountName?: string;
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
   * Who may connect to the server, and whom it may connect to.
   *
   * @default - no NetworkPolicy
   */
  readonly networkPolicy?: NetworkPolicyOptions;
}
