import { METRICS_ADAPTER_FLAGS } from '../../_facts/metrics-adapter-flags';
import { helpText } from '../flags/help';

export function metricsAdapterHelp(): string {
  return helpText(METRICS_ADAPTER_FLAGS, `Serves metrics from Prometheus for autoscalers (custom.metrics.k8s.io, external.metrics.k8s.io, and metrics.k8s.io by resourceRules)

Usage:
  metrics-server metrics-adapter --config=FILE [flags]
`);
}
