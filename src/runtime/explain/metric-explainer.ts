import { AutoscalerView, ExplainedValue, Explanation } from './explanation';
import { ALL, MetricPath } from '../api/custom-metrics/metric-path';
import { Clock } from '../clock';
import { MetricNotFoundError } from '../custom-metrics/metric-errors';
import { Measurement, MetricValue } from '../custom-metrics/metric-value';
import { ClusterObjects, formatGroupResource } from '../custom-metrics/objects';
import { CustomMetricsProvider, ExternalMetricsProvider } from '../custom-metrics/provider';
import { Quantity } from '../custom-metrics/quantity';
import { Selector } from '../labels/selector';
import { DerivedMetrics } from '../metric-sources/derivation';
import { StatusError } from '../server/status';

export interface MetricExplainerOptions {
  readonly metrics: CustomMetricsProvider & ExternalMetricsProvider & DerivedMetrics;
  readonly objects: ClusterObjects;
  readonly clock: Clock;
}

/** Asks as an autoscaler asks, and tells how the answer comes about. */
export class MetricExplainer {
  constructor(private readonly options: MetricExplainerOptions) {}

  /** @throws StatusError where nothing can be told */
  async custom(path: MetricPath, selector: Selector, metricSelector: Selector, signal: AbortSignal): Promise<Explanation> {
    const { object: { namespace, name }, info: asked } = path;
    const { metrics, objects } = this.options;
    const mapping = await objects.mapping(asked.groupResource, signal);
    if (!mapping) throw new MetricNotFoundError(asked, name, metricSelector);
    const info = { ...asked, groupResource: mapping.groupResource };
    const names = name === ALL ? await objects.names(info.groupResource, namespace, selector, signal) : [name];
    const [derivation, { values, failure }] = await Promise.all([
      metrics.deriveCustom({ info, namespace, names, metricSelector }, signal),
      settled<MetricValue>(name === ALL
        ? metrics.getMetricBySelector(namespace, selector, info, metricSelector, signal)
        : metrics.getMetricByName({ namespace, name }, info, metricSelector, signal).then((value) => [value])),
    ]);
    const resource = formatGroupResource(info.groupResource);
    return {
      metric: info.metric,
      resource,
      namespace,
      derivation,
      values: values.map((value) => ({ object: value.objectName, ...this.explained(value) })),
      withoutValue: names.filter((one) => !values.some(({ objectName }) => objectName === one)),
      autoscaler: name !== ALL ? viewOf('Object', values) : resource === 'pods' ? viewOf('Pods', values) : undefined,
      failure,
    };
  }

  /** @throws StatusError where nothing can be told */
  async external(namespace: string, metric: string, metricSelector: Selector, signal: AbortSignal): Promise<Explanation> {
    const { metrics } = this.options;
    const info = { metric };
    const [derivation, { values, failure }] = await Promise.all([
      metrics.deriveExternal({ info, namespace, metricSelector }, signal),
      settled(metrics.getExternalMetric(namespace, metricSelector, info, signal)),
    ]);
    return {
      metric,
      namespace,
      derivation,
      values: values.map((value) => ({ labels: value.metricLabels ?? {}, ...this.explained(value) })),
      withoutValue: [],
      autoscaler: viewOf('External', values),
      failure,
    };
  }

  private explained({ value, timestampMs, windowSeconds }: Measurement): Pick<ExplainedValue, 'value' | 'timestamp' | 'ageSeconds' | 'windowSeconds'> {
    const ageSeconds = Math.round(this.options.clock.now() - timestampMs) / 1000;
    return { value: String(value), timestamp: new Date(timestampMs).toISOString(), ageSeconds, windowSeconds };
  }
}

/** What is told to who asks is an answer, too. */
async function settled<T>(answer: Promise<readonly T[]>): Promise<{ values: readonly T[]; failure?: string }> {
  try {
    return { values: await answer };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { values: [], failure: error.message };
  }
}

/** As kube-controller-manager reckons: in thousandths, an average cut to whole ones. */
function viewOf(type: AutoscalerView['type'], values: readonly Measurement[]): AutoscalerView | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((milli, { value }) => milli + value.milli, 0n);
  return { type, value: String(Quantity.ofMilli(type === 'Pods' ? sum / BigInt(values.length) : sum)) };
}
