/**
 * Families of metrics that a server tells of itself: those of any server built on k8s.io/apiserver, those of metrics-server about its scrapes,
 * and what the companion runtime adds to them.
 */
export type SelfMetrics = 'apiserver' | 'scraping' | 'companion';
