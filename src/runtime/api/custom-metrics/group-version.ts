export const customMetricsGroup = 'custom.metrics.k8s.io';

/** The preferred version first. */
export const CUSTOM_METRICS_VERSIONS = ['v1beta2', 'v1beta1'] as const;

export type CustomMetricsVersion = (typeof CUSTOM_METRICS_VERSIONS)[number];
