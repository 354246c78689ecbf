import { MetricRegistry } from '../../telemetry/metric-registry';

/** Buckets of ages in seconds. Up to about six minutes, finest around the usual resolutions of 15 s and 60 s; the bounds are metrics-server's. */
export function bucketBounds(): number[] {
  const bounds = [1];
  while (bounds.length < 20) bounds.push(bounds[bounds.length - 1] * 1.364);
  return bounds;
}

/** Observes how old each returned sample is. */
export function metricFreshness(registry: MetricRegistry): (ageSeconds: number) => void {
  const histogram = registry.histogram({
    name: 'metrics_server_api_metric_freshness_seconds',
    help: '[ALPHA] Age of the samples that the API returned.',
    buckets: bucketBounds(),
  });
  return ageSeconds => histogram.observe({}, ageSeconds);
}
