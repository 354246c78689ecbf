import { metricFreshness } from '../../../../src/runtime/api/metrics/freshness';
import { MetricRegistry } from '../../../../src/runtime/telemetry/metric-registry';
import { goldenText } from '../golden';

const series = (text: string) => text.split('\n').filter(line => line.startsWith('metrics_server_api_metric_freshness_seconds_bucket'));

test('samples are counted in the buckets of metrics-server', () => {
  const registry = new MetricRegistry();
  const observe = metricFreshness(registry);
  for (let i = 0; i < 21; i++) observe(6.75);
  const upstream = series(goldenText('metrics-server-series.txt'));
  expect(upstream).toHaveLength(21);
  expect(series(registry.render())).toEqual(upstream);
});
