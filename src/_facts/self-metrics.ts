/**
 * Families of metrics that a server tells of itself: those of any server built on k8s.io/apiserver, those of metrics-server about its scrapes,
 * what the companion runtime adds to them, and what it tells of the configuration and the sources of custom and external metrics.
 */
export type SelfMetrics = 'apiserver' | 'scraping' | 'companion' | 'metricSources';
