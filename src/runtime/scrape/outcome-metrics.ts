import { ScrapeOutcomes } from './outcomes';
import { MetricRegistry } from '../telemetry/metric-registry';

/** Counts the nodes that fail, whenever the registry is read. */
export function registerOutcomeMetrics(registry: MetricRegistry, outcomes: Pick<ScrapeOutcomes, 'failuresByReason'>): void {
  const failing = registry.gauge({
    name: 'metrics_server_kubelet_failing_nodes',
    help: '[ALPHA] Nodes whose last scrape failed, by reason.',
    labelNames: ['reason'],
  });
  const reasons = new Set<string>();
  registry.collect(() => {
    const counts = outcomes.failuresByReason();
    // A reason that has gone stays, as 0: a series that ends looks like one that was never asked for.
    reasons.forEach((reason) => failing.set({ reason }, 0));
    counts.forEach((count, reason) => {
      reasons.add(reason);
      failing.set({ reason }, count);
    });
  });
}
