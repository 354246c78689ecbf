import { namesMatcher, selectorMatchers } from './label-matchers';
import { metricsQuery } from './metrics-query';
import { RuleQueries } from './rule-queries';
import { ruleQuantity } from './rule-values';
import { SeriesDiscovery } from './series-discovery';
import { SeriesSource } from './series-registry';
import { MetricNotFoundError } from '../../custom-metrics/metric-errors';
import { ExternalMetricValue } from '../../custom-metrics/metric-value';
import { ExternalMetricInfo, ExternalMetricsProvider } from '../../custom-metrics/provider';
import { Selector } from '../../labels/selector';
import { StatusError } from '../../server/status';
import { queryWindowSeconds } from '../query-window';

/** Metrics of prometheus-adapter's `externalRules`: found by discovery, asked for at each request. */
export class RuleExternalMetrics implements ExternalMetricsProvider {
  constructor(private readonly discovery: SeriesDiscovery, private readonly queries: RuleQueries) {}

  listAllExternalMetrics(): readonly ExternalMetricInfo[] {
    return this.discovery.external.infos;
  }

  has({ metric }: ExternalMetricInfo): boolean {
    return this.discovery.external.source(metric) !== undefined;
  }

  async getExternalMetric(
    namespace: string, metricSelector: Selector, info: ExternalMetricInfo, signal: AbortSignal,
  ): Promise<readonly ExternalMetricValue[]> {
    const source = this.sourceOf(info);
    const query = metricsQuery(source.rule.metricsQuery, {
      series: source.series,
      matchers: [
        ...selectorMatchers(metricSelector),
        ...source.rule.namespaced && namespace !== '' ? [namesMatcher(await namespaceLabel(source, signal), [namespace])] : [],
      ],
      groupBy: [],
    });
    const { type, samples } = await this.queries.ask(source.rule, query, signal);
    const windowSeconds = queryWindowSeconds(query);
    return samples.map(({ labels, timestampMs, value }) => ({
      value: ruleQuantity(value, query), timestampMs, windowSeconds, ...(type === 'vector' && { metricLabels: labels }),
    }));
  }

  private sourceOf(info: ExternalMetricInfo): SeriesSource {
    const source = this.discovery.external.source(info.metric);
    if (source) return source;
    this.discovery.assertComplete();
    throw new MetricNotFoundError(info);
  }
}

async function namespaceLabel({ rule, labels }: SeriesSource, signal: AbortSignal): Promise<string> {
  const label = await labels.labelOf({ group: '', resource: 'namespaces' }, signal);
  if (label !== undefined && label !== '') return label;
  throw StatusError.internalError(
    `${rule.node.file}:${rule.node.line}: ${rule.node.path}.resources has no label for namespaces; add one to overrides, or namespaced: false`,
  );
}
