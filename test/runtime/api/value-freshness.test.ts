import { valueFreshness } from '../../../src/runtime/api/value-freshness';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { ManualClock } from '../manual-clock';

test('the age of each value counts, by its group', () => {
  const clock = new ManualClock();
  const registry = new MetricRegistry();
  const observerOf = valueFreshness(registry, clock);
  observerOf('custom.metrics.k8s.io')([{ timestampMs: clock.now() - 500 }, { timestampMs: clock.now() - 30_000 }]);
  observerOf('external.metrics.k8s.io')([]);
  const lines = registry.render().split('\n').filter((line) => /_bucket\{.*le="1"|_(?:sum|count)/.test(line));
  expect(lines).toEqual([
    'metrics_apiserver_metric_freshness_seconds_bucket{group="custom.metrics.k8s.io",le="1"} 1',
    'metrics_apiserver_metric_freshness_seconds_sum{group="custom.metrics.k8s.io"} 30.5',
    'metrics_apiserver_metric_freshness_seconds_count{group="custom.metrics.k8s.io"} 2',
  ]);
});
