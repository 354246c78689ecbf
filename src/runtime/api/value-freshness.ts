import { Clock } from '../clock';
import { MetricRegistry } from '../telemetry/metric-registry';
import { bucketBounds } from './metrics/freshness';

/** Told the values that an API returns. */
export type ValueObserver = (values: readonly { readonly timestampMs: number }[]) => void;

/** Observes how old the values are that each group returns, under custom-metrics-apiserver's name. */
export function valueFreshness(registry: MetricRegistry, clock: Clock): (group: string) => ValueObserver {
  const histogram = registry.histogram({
    name: 'metrics_apiserver_metric_freshness_seconds',
    help: '[ALPHA] Age of the values that the API returned.',
    labelNames: ['group'],
    buckets: bucketBounds(),
  });
  return (group) => (values) => values.forEach(({ timestampMs }) => histogram.observe({ group }, (clock.now() - timestampMs) / 1000));
}
