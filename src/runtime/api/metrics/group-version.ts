export const metricsGroup = 'metrics.k8s.io';

/** The preferred version first. `v1` (Kubernetes 1.37) has the types of `v1beta1` under another name. */
export const METRICS_VERSIONS = ['v1', 'v1beta1'] as const;

export type MetricsVersion = (typeof METRICS_VERSIONS)[number];
