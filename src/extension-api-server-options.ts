import { ImagePullPolicy } from './image';
import { MonitoringOptions } from './monitoring-options';
import { ObjectOptions } from './object-options';
import { IServiceAccountRef } from './references';
import { Toleration } from './toleration';

/** Properties that every extension API server has. */
export interface ExtensionApiServerOptions extends ObjectOptions, MonitoringOptions {
  /**
   * Namespace of all objects that have one, but for the RoleBinding that has to be in `kube-system`.
   *
   * @default - the chart's namespace, or `kube-system`
   */
  readonly namespace?: string;
  /**
   * Labels of all objects and of the pods.
   *
   * @default - none beside `selectorLabels`
   */
  readonly labels?: { readonly [key: string]: string };
  /**
   * ServiceAccount that the server runs as, in `namespace`. Then none is synthesized. One of another namespace is refused.
   *
   * @default - a ServiceAccount is synthesized
   */
  readonly serviceAccount?: IServiceAccountRef;
  /**
   * When the kubelet pulls the image.
   *
   * @default ImagePullPolicy.IF_NOT_PRESENT - with metrics-server v0.3 `ALWAYS`, as in its own manifests
   */
  readonly imagePullPolicy?: ImagePullPolicy;
  /**
   * Number of pods, 1 or more. Only 1 beside a nanny.
   *
   * @default - 1, left to Kubernetes, so that whoever scales the Deployment is not overruled; with `highAvailability` 2
   */
  readonly replicas?: number;
  /**
   * Name of the PriorityClass of the pods. Empty text for none.
   *
   * @default - `system-cluster-critical` for a `MetricsServer` from v0.4 on, else none
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
   * Port that the container serves HTTPS on, from 1 to 65535.
   *
   * @default 10250 - with metrics-server v0.4 to v0.6 4443, with v0.3 443
   */
  readonly securePort?: number;
  /**
   * Minor of Kubernetes that the cluster runs, such as `1.34`, from `1.16` on. What that version does not know is refused at synth. Written on the
   * Deployment as an annotation, so that rules can judge by it.
   *
   * @default - unknown: nothing is refused for the cluster's age
   */
  readonly clusterVersion?: string;
}
