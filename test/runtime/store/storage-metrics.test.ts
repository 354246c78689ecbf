import { registerStorageMetrics } from '../../../src/runtime/store/storage-metrics';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';

test('points are counted whenever the registry is read', () => {
  const registry = new MetricRegistry();
  let containers = 3;
  registerStorageMetrics(registry, { points: () => ({ nodes: 1, containers }) });
  containers = 4;
  expect(registry.render()).toContain('metrics_server_storage_points{type="container"} 4\nmetrics_server_storage_points{type="node"} 1\n');
});
