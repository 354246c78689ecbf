import { MetricStore } from './metric-store';
import { MetricRegistry } from '../telemetry/metric-registry';

/** Counts what rates can be computed from, whenever the registry is read. */
export function registerStorageMetrics(registry: MetricRegistry, store: Pick<MetricStore, 'points'>): void {
  const points = registry.gauge({
    name: 'metrics_server_storage_points',
    help: '[ALPHA] Nodes and containers with two samples.',
    labelNames: ['type'],
  });
  registry.collect(() => {
    const { nodes, containers } = store.points();
    points.set({ type: 'node' }, nodes);
    points.set({ type: 'container' }, containers);
  });
}
