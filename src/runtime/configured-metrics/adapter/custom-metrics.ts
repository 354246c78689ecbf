import { namesMatcher, selectorMatchers } from './label-matchers';
import { metricsQuery } from './metrics-query';
import { RuleQueries } from './rule-queries';
import { ruleQuantity } from './rule-values';
import { SeriesDiscovery } from './series-discovery';
import { SeriesSource } from './series-registry';
import { MetricNotFoundError } from '../../custom-metrics/metric-errors';
import { Measurement, MetricValue } from '../../custom-metrics/metric-value';
import { ClusterObjects, formatGroupResource, GroupResource } from '../../custom-metrics/objects';
import { CustomMetricInfo, CustomMetricsProvider, NamespacedName } from '../../custom-metrics/provider';
import { Selector } from '../../labels/selector';
import { CustomQuestion, Derivation, derivation } from '../../metric-sources/derivation';
import { queryWindowSeconds } from '../../prometheus/query-window';
import { asQuery } from '../../prometheus/source-error';
import { StatusError } from '../../server/status';
import { DiscoveryRule } from '../configuration/discovery-rule';

const NAMESPACES: GroupResource = { group: '', resource: 'namespaces' };

/** What a request is about. */
interface Asked extends CustomQuestion {
  readonly signal: AbortSignal;
}

interface ObjectQuery {
  readonly source: SeriesSource;
  /** Holds the names of the objects. */
  readonly label: string;
  /** Undefined for what is asked without a namespace. */
  readonly namespaceLabel?: string;
  readonly query: string;
}

/** Metrics of prometheus-adapter's `rules`: found by discovery, asked for at each request. */
export class RuleCustomMetrics implements CustomMetricsProvider {
  constructor(private readonly discovery: SeriesDiscovery, private readonly queries: RuleQueries, private readonly objects: ClusterObjects) {}

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.discovery.custom.infos;
  }

  has(info: CustomMetricInfo): boolean {
    return this.discovery.custom.source(info) !== undefined;
  }

  async getMetricByName(
    { namespace, name }: NamespacedName, info: CustomMetricInfo, metricSelector: Selector, signal: AbortSignal,
  ): Promise<MetricValue> {
    const { values, rule, query } = await this.values({ info, namespace, names: [name], metricSelector, signal });
    const value = values.get(name);
    if (!value) throw this.queries.nothing(rule, query, new MetricNotFoundError(info, name, metricSelector));
    return { objectName: name, ...value };
  }

  async getMetricBySelector(
    namespace: string, selector: Selector, info: CustomMetricInfo, metricSelector: Selector, signal: AbortSignal, user?: string,
  ): Promise<readonly MetricValue[]> {
    this.sourceOf(info);
    const names = await this.objects.names(info.groupResource, namespace, selector, signal, user);
    if (names.length === 0) throw noObjects(info, namespace, selector);
    const { values } = await this.values({ info, namespace, names, metricSelector, signal });
    return names.flatMap((name) => {
      const value = values.get(name);
      return value ? [{ objectName: name, ...value }] : [];
    });
  }

  async derive(question: CustomQuestion, signal: AbortSignal): Promise<Derivation> {
    const { source: { rule, series }, label, namespaceLabel, query } = await this.queryOf({ ...question, signal });
    const from = { rule: rule.node.place, series, asked: asQuery(query), nameLabel: label, namespaceLabel };
    return derivation(from, (record) => this.queries.ask(rule, query, signal, record));
  }

  /** By the names of objects, those that were not asked for included. */
  private async values(asked: Asked): Promise<{ values: ReadonlyMap<string, Measurement>; rule: DiscoveryRule; query: string }> {
    const { source: { rule }, label, query } = await this.queryOf(asked);
    const { type, samples } = await this.queries.ask(rule, query, asked.signal);
    const mistake = (problem: string) => this.queries.mistake(rule, query, problem);
    if (type !== 'vector') throw mistake('it gives one number without labels, which is of no object');
    const windowSeconds = queryWindowSeconds(query);
    const values = new Map(samples.map(({ labels, timestampMs, value }): [string, Measurement] => [
      labels[label] ?? '',
      // As prometheus-adapter has it: nothing happened, which rates and ratios say by dividing zero by zero.
      { value: ruleQuantity(Number.isNaN(value) ? 0 : value, mistake), timestampMs, windowSeconds },
    ]));
    return { values, rule, query };
  }

  private async queryOf({ info, namespace, names, metricSelector, signal }: Asked): Promise<ObjectQuery> {
    const source = this.sourceOf(info);
    const label = await labelOf(source, info.groupResource, info, signal);
    const namespaceLabel = namespace === '' ? undefined : await labelOf(source, NAMESPACES, info, signal);
    const query = metricsQuery(source.rule.metricsQuery, {
      series: source.series,
      matchers: [
        ...selectorMatchers(metricSelector),
        ...namespaceLabel === undefined ? [] : [namesMatcher(namespaceLabel, [namespace])],
        namesMatcher(label, names),
      ],
      groupBy: [label],
    });
    return { source, label, namespaceLabel, query };
  }

  private sourceOf(info: CustomMetricInfo): SeriesSource {
    const source = this.discovery.custom.source(info);
    if (source) return source;
    this.discovery.assertComplete();
    throw new MetricNotFoundError(info);
  }
}

/** That a rule does not say how an object is found makes it one that has no value, as with prometheus-adapter; but we say why. */
async function labelOf({ rule, labels }: SeriesSource, resource: GroupResource, info: CustomMetricInfo, signal: AbortSignal): Promise<string> {
  const label = await labels.labelOf(resource, signal);
  if (label !== undefined && label !== '') return label;
  const { message } = new MetricNotFoundError(info);
  throw new StatusError(404, 'NotFound', `${message}: ${rule.node.place}.resources has no label for ${formatGroupResource(resource)}; add one to overrides`);
}

/** A client sees that it is its selector that finds nothing. */
function noObjects(info: CustomMetricInfo, namespace: string, selector: Selector): StatusError {
  const { message } = new MetricNotFoundError(info);
  const which = [namespace && `in namespace ${namespace}`, selector.isEverything ? '' : `with labels ${selector}`].filter(Boolean).join(' ');
  return new StatusError(404, 'NotFound', `${message}: there are no ${formatGroupResource(info.groupResource)}${which && ` ${which}`}`);
}
