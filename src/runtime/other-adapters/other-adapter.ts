import { AdapterList } from './adapter-list';
import { adapterStatus } from './adapter-status';
import { externalMetricValues, metricValues } from './metric-list';
import { Clock } from '../clock';
import { SharedQueries } from '../cluster/shared-queries';
import { MetricNotFoundError } from '../custom-metrics/metric-errors';
import { ExternalMetricValue, MetricValue } from '../custom-metrics/metric-value';
import { formatGroupResource } from '../custom-metrics/objects';
import {
  CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider, NamespacedName,
} from '../custom-metrics/provider';
import { Selector } from '../labels/selector';
import { nothingFrom } from '../metric-sources/sample-source';
import { MAX_HELD_BYTES } from '../prometheus/byte-room';
import { HttpDocument, Prometheus } from '../prometheus/prometheus-client';
import { SourceError } from '../prometheus/source-error';

/** By the names of their parameters. */
type Selectors = Readonly<Record<string, Selector>>;

/**
 * Another server of custom and external metrics: it is asked what a client asked us. Our server has authorized the client for exactly
 * that; the other one authorizes us, by our own name.
 */
export class OtherAdapter implements CustomMetricsProvider, ExternalMetricsProvider {
  readonly list: AdapterList;
  /** Two adapters that name each other ask no further in circles: the second time, the question is under way already. It then ends by its deadline. */
  private readonly shared = new SharedQueries<HttpDocument>();

  constructor(private readonly adapter: Prometheus, private readonly clock: Clock) {
    this.list = new AdapterList(adapter);
  }

  get name(): string {
    return this.adapter.name;
  }

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.list.custom;
  }

  listAllExternalMetrics(): readonly ExternalMetricInfo[] {
    return this.list.external;
  }

  async getMetricByName(object: NamespacedName, info: CustomMetricInfo, metricSelector: Selector, signal: AbortSignal): Promise<MetricValue> {
    const path = this.customPath(object, info, { metricLabelSelector: metricSelector });
    const values = await this.ask(path, metricValues, signal);
    if (values.length === 0) throw nothingFrom({ sources: [this.name], asked: `GET ${path}` }, new MetricNotFoundError(info, object.name, metricSelector));
    return { ...values[0], objectName: object.name };
  }

  getMetricBySelector(
    namespace: string, selector: Selector, info: CustomMetricInfo, metricSelector: Selector, signal: AbortSignal,
  ): Promise<readonly MetricValue[]> {
    const path = this.customPath({ namespace, name: '*' }, info, { labelSelector: selector, metricLabelSelector: metricSelector });
    return this.ask(path, metricValues, signal);
  }

  getExternalMetric(
    namespace: string, metricSelector: Selector, { metric }: ExternalMetricInfo, signal: AbortSignal,
  ): Promise<readonly ExternalMetricValue[]> {
    const path = pathOf('/apis/external.metrics.k8s.io/v1beta1', ['namespaces', namespace, metric], { labelSelector: metricSelector });
    return this.ask(path, externalMetricValues, signal);
  }

  private customPath({ namespace, name }: NamespacedName, { groupResource, metric }: CustomMetricInfo, selectors: Selectors): string {
    const resource = formatGroupResource(groupResource);
    const object = resource === 'namespaces' ? [resource, name, 'metrics'] : [resource, name];
    return pathOf(this.list.customRoot, [...namespace === '' ? [] : ['namespaces', namespace], ...object, metric], selectors);
  }

  private async ask<T>(path: string, read: (text: string, nowMs: number) => T, signal: AbortSignal): Promise<T> {
    try {
      const { asked, text } = await this.shared.run(path, signal, (shared) => this.adapter.document(path, MAX_HELD_BYTES, shared));
      try {
        return read(text, this.clock.now());
      } catch (error) {
        throw new SourceError(this.name, 'answer', (error as Error).message, asked);
      }
    } catch (error) {
      throw error instanceof SourceError ? adapterStatus(error) : error;
    }
  }
}

function pathOf(root: string, segments: readonly string[], selectors: Selectors): string {
  const chosen = Object.entries(selectors).filter(([, selector]) => !selector.isEverything);
  const query = chosen.map(([name, selector]) => `${name}=${encodeURIComponent(String(selector))}`).join('&');
  return `${root}/${segments.map(encodeURIComponent).join('/')}${query && `?${query}`}`;
}
