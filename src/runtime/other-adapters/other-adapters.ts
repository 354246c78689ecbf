import { OtherAdapter } from './other-adapter';
import { Clock, Stop } from '../clock';
import { pause } from '../cluster/backoff';
import { JoinedList } from '../custom-metrics/joined-list';
import { customMetricKey, externalMetricKey } from '../custom-metrics/metric-keys';
import { ExternalMetricValue, MetricValue } from '../custom-metrics/metric-value';
import { CustomMetricInfo, CustomMetricsProvider, ExternalMetricInfo, ExternalMetricsProvider } from '../custom-metrics/provider';
import { SourceError } from '../prometheus/source-error';
import { StatusError } from '../server/status';
import { Logger } from '../telemetry/logger';

const RELIST_MS = 60_000;
const RETRY_MS = 10_000;

export interface OtherAdaptersOptions {
  readonly adapters: readonly OtherAdapter[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Throws where it is not known yet whether the metric is ours. */
  readonly beforeNotFound: () => void;
}

/**
 * All other adapters as one. Who lists a metric is asked first, the others after it: KEDA and others serve what they do not list. A 404 of
 * one leaves the question to the next.
 */
export class OtherAdapters implements CustomMetricsProvider, ExternalMetricsProvider {
  private readonly custom = new JoinedList(customMetricKey);
  private readonly external = new JoinedList(externalMetricKey);

  constructor(private readonly options: OtherAdaptersOptions) {}

  get isEmpty(): boolean {
    return this.options.adapters.length === 0;
  }

  start(): Stop {
    const controller = new AbortController();
    for (const adapter of this.options.adapters) void this.watch(adapter, controller.signal);
    return () => controller.abort();
  }

  listAllMetrics(): readonly CustomMetricInfo[] {
    return this.custom.of(...this.options.adapters.map((adapter) => adapter.listAllMetrics()));
  }

  listAllExternalMetrics(): readonly ExternalMetricInfo[] {
    return this.external.of(...this.options.adapters.map((adapter) => adapter.listAllExternalMetrics()));
  }

  getMetricByName(...request: Parameters<CustomMetricsProvider['getMetricByName']>): Promise<MetricValue> {
    return this.first(this.customOrder(request[1]), (adapter) => adapter.getMetricByName(...request));
  }

  getMetricBySelector(...request: Parameters<OtherAdapter['getMetricBySelector']>): Promise<readonly MetricValue[]> {
    return this.first(this.customOrder(request[2]), (adapter) => adapter.getMetricBySelector(...request));
  }

  getExternalMetric(...request: Parameters<ExternalMetricsProvider['getExternalMetric']>): Promise<readonly ExternalMetricValue[]> {
    const lists = (adapter: OtherAdapter) => adapter.listAllExternalMetrics().some(({ metric }) => metric === request[2].metric);
    return this.first(this.order(lists), (adapter) => adapter.getExternalMetric(...request));
  }

  private customOrder(asked: CustomMetricInfo): readonly OtherAdapter[] {
    return this.order((adapter) => adapter.listAllMetrics().some((info) => customMetricKey(info) === customMetricKey(asked)));
  }

  private order(lists: (adapter: OtherAdapter) => boolean): readonly OtherAdapter[] {
    return [...this.options.adapters].sort((a, b) => Number(lists(b)) - Number(lists(a)));
  }

  /** A failure wins over a 404: who failed may have the metric. */
  private async first<T>(adapters: readonly OtherAdapter[], ask: (adapter: OtherAdapter) => Promise<T>): Promise<T> {
    let failure: unknown;
    for (const adapter of adapters) {
      try {
        return await ask(adapter);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        if (failure === undefined || isNotFound(failure)) failure = error;
      }
    }
    if (isNotFound(failure)) this.options.beforeNotFound();
    throw failure;
  }

  private async watch(adapter: OtherAdapter, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.options;
    let told: string | undefined;
    while (!signal.aborted) {
      const failure = await adapter.list.update(signal).then(() => undefined, (error: Error) => error);
      // That it does not answer is told of every source.
      const unreadable = failure instanceof SourceError || signal.aborted ? undefined : failure?.message;
      if (unreadable !== undefined && unreadable !== told) log.warn('metrics of another adapter cannot be listed', { adapter: adapter.name, err: unreadable });
      told = unreadable;
      await pause(clock, failure ? RETRY_MS : RELIST_MS, signal);
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof StatusError && error.code === 404;
}
