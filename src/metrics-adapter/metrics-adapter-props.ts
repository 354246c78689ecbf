import { Duration } from 'cdk8s';
import { MetricSource } from './metric-source';
import { OtherAdapter } from './other-adapter';
import { ResourceRules } from './resource-rules';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';
import { ExtensionApiServerOptions } from '../extension-api-server/extension-api-server-options';
import { Image } from '../pod/image';
import { ContainerResources } from '../pod/resources';
import { ServingCertificate } from '../serving-certificate/serving-certificate';

/** Properties of `MetricsAdapter`. */
export interface MetricsAdapterProps extends ExtensionApiServerOptions {
  /**
   * Where metrics come from. The first one is asked where a metric names none.
   *
   * @default - none: only what asks no source can be declared
   */
  readonly sources?: MetricSource[];
  /**
   * Other servers of custom and external metrics, such as KEDA and prometheus-adapter, which are asked for what is not declared here, in this order. Both API groups
   * lead here then, so that their own charts must not have them any longer; `customMetrics` or `externalMetrics` leaves one to somebody else.
   *
   * @default - none
   */
  readonly adapters?: OtherAdapter[];
  /**
   * Server that serves these metrics in its own pods, at its own Service: that of a `MetricsServer` with the companion image. One process, one port and one certificate
   * are then for `metrics.k8s.io` and for these, and what makes the process restart or exceed its memory takes away all. The pods are the host's: beside it only `sources`,
   * `adapters`, `customMetrics`, `externalMetrics` and `apiServices` may be given, and arguments go to its `addArgs()`. A host with `apiServices: false` demands the same here:
   * where only `metrics.k8s.io` is another's, as on GKE, leave `host` out. The host's requests stay as they are:
   * https://github.com/cdk8s-metrics-server/cdk8s-metrics-server/blob/main/docs/sizing.md#the-metrics-adapter
   *
   * @default - pods of the adapter's own
   */
  readonly host?: ExtensionApiServer;
  /**
   * Name of the server: of its Deployment, container, Service and ServiceAccount. The names of other objects begin with it, those that are
   * cluster-wide with `<name>.<namespace>`. A DNS label of up to 63 characters that begins with a letter.
   *
   * @default metrics-adapter
   */
  readonly name?: string;
  /**
   * The companion image, or a mirror of it: `Image.custom()` with `compatibleWith: Image.companion()`. Images of metrics-server have no adapter.
   *
   * @default Image.companion()
   */
  readonly image?: Image;
  /**
   * How the metrics are served over TLS.
   *
   * @default ServingCertificate.selfManaged()
   */
  readonly servingCertificate?: ServingCertificate;
  /**
   * Labels that select the pods. A Deployment's selector cannot be changed once it is in a cluster.
   *
   * @default - `app.kubernetes.io/name` with the server's name
   */
  readonly selectorLabels?: { readonly [key: string]: string };
  /**
   * What the server asks for and may not exceed. Each quantity that is given replaces the default one, and empty text removes it.
   *
   * @default - requests 50m CPU and 128Mi memory, which 10 metrics, 100 autoscalers and 1,000 pods were measured to need
   */
  readonly resources?: ContainerResources;
  /**
   * Whether `custom.metrics.k8s.io` leads to this adapter. A cluster has that group once: with false it is another's, and a metric of pods or objects is refused.
   *
   * @default - whether a metric of pods or objects is declared, a rule of such, or another adapter, of which nobody knows what it serves
   */
  readonly customMetrics?: boolean;
  /**
   * Whether `external.metrics.k8s.io` leads to this adapter. A cluster has that group once: with false it is another's, as KEDA's, and an external metric is refused.
   *
   * @default - whether an external metric is declared, a rule of such, or another adapter, of which nobody knows what it serves
   */
  readonly externalMetrics?: boolean;
  /**
   * Queries that `metrics.k8s.io` is served by, as prometheus-adapter does. For clusters whose kubelets cannot be reached: elsewhere a `MetricsServer` is
   * cheaper and sooner right.
   *
   * @default - `metrics.k8s.io` leads elsewhere
   */
  readonly resourceRules?: ResourceRules;
  /**
   * Time that a pod that is asked to end goes on serving, though it is not ready any more, so that nobody is sent to it when it stops. In whole
   * seconds, and less than `terminationGracePeriod`; zero for none.
   *
   * @default - 5 s, or none where `terminationGracePeriod` is not longer
   */
  readonly shutdownDelay?: Duration;
  /**
   * Further arguments, as a last resort: `--flag` or `--flag=value`, each an element. A flag that a property can write is refused.
   *
   * @default - none
   */
  readonly extraArgs?: string[];
}
