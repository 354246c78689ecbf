import { Freshness } from './served-metric';
import { Gauge } from '../../telemetry/metric-family';
import { MetricRegistry } from '../../telemetry/metric-registry';

/** How old is what is served of declared metrics that somebody asks for, and whether there is anything to serve. */
export class FreshnessMetrics {
  private readonly ages: Gauge<'metric'>;
  private readonly stale: Gauge<'metric'>;
  private readonly empty: Gauge<'metric'>;
  private shown: readonly string[] = [];

  constructor(registry: MetricRegistry, freshness: () => ReadonlyMap<string, Freshness>) {
    this.ages = registry.gauge({
      name: 'metrics_server_declared_metric_age_seconds',
      help: '[ALPHA] Age of the values of declared metrics that are asked for.',
      labelNames: ['metric'],
    });
    this.stale = registry.gauge({
      name: 'metrics_server_declared_metric_stale',
      help: '[ALPHA] Whether a declared metric is asked for, and has no values that are young enough to be served.',
      labelNames: ['metric'],
    });
    this.empty = registry.gauge({
      name: 'metrics_server_declared_metric_empty',
      help: '[ALPHA] Whether somebody asked for a declared metric within the last minute and was given no value, because the answers of its source hold none.',
      labelNames: ['metric'],
    });
    registry.collect(() => this.show(freshness()));
  }

  private show(freshness: ReadonlyMap<string, Freshness>): void {
    for (const metric of this.shown) [this.ages, this.stale, this.empty].forEach((gauge) => gauge.remove({ metric }));
    for (const [metric, { ageMs, isStale, isEmpty }] of freshness) {
      if (Number.isFinite(ageMs)) this.ages.set({ metric }, ageMs / 1000);
      this.stale.set({ metric }, Number(isStale));
      this.empty.set({ metric }, Number(isEmpty));
    }
    this.shown = [...freshness.keys()];
  }
}
