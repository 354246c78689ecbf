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
import { Derivation, derivation, ExternalQuestion } from '../../metric-sources/derivation';
import { queryWindowSeconds } from '../../prometheus/query-window';
import { asQuery } from '../../prometheus/source-error';
import { StatusError } from '../../server/status';

interface SeriesQuery {
  readonly source: SeriesSource;
  /** Holds the namespace; undefined where that does not matter. */
  readonly label?: string;
  readonly query: string;
}

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
    const { source: { rule }, query } = await this.queryOf({ namespace, metricSelector, info }, signal);
    const { type, samples } = await this.queries.ask(rule, query, signal);
    const windowSeconds = queryWindowSeconds(query);
    const mistake = (problem: string) => this.queries.mistake(rule, query, problem);
    return samples.map(({ labels, timestampMs, value }) => ({
      value: ruleQuantity(value, mistake), timestampMs, windowSeconds, ...(type === 'vector' && { metricLabels: labels }),
    }));
  }

  async derive(question: ExternalQuestion, signal: AbortSignal): Promise<Derivation> {
    const { source: { rule, series }, label, query } = await this.queryOf(question, signal);
    const from = { rule: rule.node.place, series, asked: asQuery(query), namespaceLabel: label };
    return derivation(from, (record) => this.queries.ask(rule, query, signal, record));
  }

  private async queryOf({ namespace, metricSelector, info }: ExternalQuestion, signal: AbortSignal): Promise<SeriesQuery> {
    const source = this.sourceOf(info);
    const label = source.rule.namespaced && namespace !== '' ? await namespaceLabel(source, signal) : undefined;
    const query = metricsQuery(source.rule.metricsQuery, {
      series: source.series,
      matchers: [...selectorMatchers(metricSelector), ...label === undefined ? [] : [namesMatcher(label, [namespace])]],
      groupBy: [],
    });
    return { source, label, query };
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
    `${rule.node.place}.resources has no label for namespaces; add one to overrides, or namespaced: false`,
  );
}
