/*
 * cdk8s-metrics-server/runtime: what a provider of custom and external metrics is written with. Everything else of the runtime is its own business.
 */
export type { ExternalMetricValue, Measurement, MetricValue } from './custom-metrics/metric-value';
export { MetricNotFoundError, SourceUnavailableError } from './custom-metrics/metric-errors';
export type { ClusterObjects, GroupResource, ResourceMapping } from './custom-metrics/objects';
export type {
  CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider, MetricsProviders, NamespacedName,
} from './custom-metrics/provider';
export { Quantity } from './custom-metrics/quantity';
export { parseSelector, Selector } from './labels/selector';
export type { Labels, Operator, Requirement } from './labels/selector';
export type { ProviderContext } from './provider-server';
export { serve } from './serve';
export type { ServeOptions } from './serve';
export { StatusError } from './server/status';
export type { LogFields, Logger } from './telemetry/logger';
