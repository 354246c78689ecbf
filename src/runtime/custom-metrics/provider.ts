import { ExternalMetricValue, MetricValue } from './metric-value';
import { GroupResource } from './objects';
import { Selector } from '../labels/selector';

/** A metric that describes objects of one resource. */
export interface CustomMetricInfo {
  readonly groupResource: GroupResource;
  /** Whether the objects are in namespaces. A metric of namespaces themselves is not namespaced. */
  readonly namespaced: boolean;
  /** One segment of a path: `http_requests`. */
  readonly metric: string;
}

/** A metric that describes no object of the cluster: the length of a queue elsewhere. */
export interface ExternalMetricInfo {
  /** One segment of a path. Not `status` nor `finalize`, which Kubernetes takes for subresources of the namespace. */
  readonly metric: string;
}

/** Names an object; the namespace of a cluster-scoped one is empty. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Answers `custom.metrics.k8s.io`. Who asks is authenticated and authorized already, and the selectors are read. What it throws as
 * a StatusError (MetricNotFoundError, SourceUnavailableError) is sent to the client, and stands in the events of the
 * HorizontalPodAutoscaler that asked; anything else is logged, and answered 500 without its message.
 */
export interface CustomMetricsProvider {
  /**
   * What discovery shows, at once and from memory: kube-apiserver asks several times a minute. The same array as long as nothing
   * has changed. Must not throw. Metrics that are not named here are asked for all the same.
   */
  listAllMetrics(): readonly CustomMetricInfo[];
  /** Value of a metric for one object. Throws MetricNotFoundError where there is none. */
  getMetricByName(name: NamespacedName, info: CustomMetricInfo, metricSelector: Selector, signal: AbortSignal): Promise<MetricValue>;
  /**
   * Values of a metric for the objects that match, each named once; for those of all namespaces or of the cluster, the namespace is
   * empty. A HorizontalPodAutoscaler averages every value that comes back, and takes an empty list for a failure. `user` is the name of
   * who asks, for `objects.names`.
   */
  getMetricBySelector(
    namespace: string, selector: Selector, info: CustomMetricInfo, metricSelector: Selector, signal: AbortSignal, user?: string,
  ): Promise<readonly MetricValue[]>;
}

/** Answers `external.metrics.k8s.io`. What is said of CustomMetricsProvider holds here as well. */
export interface ExternalMetricsProvider {
  /** As `listAllMetrics`. */
  listAllExternalMetrics(): readonly ExternalMetricInfo[];
  /**
   * Values of a metric, each with the labels of its series. A HorizontalPodAutoscaler adds them up. The namespace is that of the
   * autoscaler; what it means to the metric is the provider's to say.
   */
  getExternalMetric(
    namespace: string, metricSelector: Selector, info: ExternalMetricInfo, signal: AbortSignal,
  ): Promise<readonly ExternalMetricValue[]>;
}

/** What a server serves: an API without provider is not served at all. */
export interface MetricsProviders {
  readonly customMetrics?: CustomMetricsProvider;
  readonly externalMetrics?: ExternalMetricsProvider;
}
