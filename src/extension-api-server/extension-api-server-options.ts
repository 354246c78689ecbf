import { ObjectOptions } from './object-options';
import { AvailabilityOptions } from '../availability/availability-options';
import { Platform } from '../kubernetes/platform';
import { IServiceAccountRef } from '../kubernetes/references';
import { MonitoringOptions } from '../monitoring/monitoring-options';
import { PodOptions } from '../pod/pod-options';

/** Properties that every extension API server has. */
export interface ExtensionApiServerOptions extends PodOptions, AvailabilityOptions, ObjectOptions, MonitoringOptions {
  /**
   * Namespace of all objects that have one, but for the RoleBinding that has to be in `kube-system`.
   *
   * @default - the chart's namespace; where it has none, `kube-system` for a `MetricsServer` or `MetricsAdapter`, and required for an `ExtensionApiServer`
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
   * Minor of Kubernetes that the cluster runs, such as `1.34`, from `1.16` on. What that version does not know is refused at synth. Written on the
   * Deployment as an annotation, so that rules can judge by it.
   *
   * @default - unknown: nothing is refused for the cluster's age
   */
  readonly clusterVersion?: string;
  /**
   * What runs the cluster. It decides defaults of other properties; see `Platform`.
   *
   * @default - nothing in particular
   */
  readonly platform?: Platform;
}
