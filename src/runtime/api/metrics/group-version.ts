export const metricsGroup = 'metrics.k8s.io';

/** Version `v1` (Kubernetes 1.37) has the types of `v1beta1` under another name. */
export type MetricsVersion = 'v1' | 'v1beta1';
