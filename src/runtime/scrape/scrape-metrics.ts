import { ScrapeOutcome } from './outcome';
import { Counter, Gauge, Histogram } from '../telemetry/metric-family';
import { MetricRegistry } from '../telemetry/metric-registry';

/** Prometheus' default bounds. */
const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The scraper's own metrics; names, labels and buckets are metrics-server's, failures by reason are ours. */
export class ScrapeMetrics {
  private readonly requestDuration: Histogram<'node'>;
  private readonly requests: Counter<'success'>;
  private readonly lastRequestTime: Gauge<'node'>;
  private readonly cycleDuration: Histogram;
  private readonly failures: Counter<'reason'>;
  private readonly skipped: Counter;

  constructor(registry: MetricRegistry, resolutionMs: number) {
    this.requestDuration = registry.histogram({
      name: 'metrics_server_kubelet_request_duration_seconds',
      help: '[ALPHA] Duration of requests to kubelets.',
      labelNames: ['node'],
      buckets: DEFAULT_BUCKETS,
    });
    this.requests = registry.counter({
      name: 'metrics_server_kubelet_request_total',
      help: '[ALPHA] Requests to kubelets by success.',
      labelNames: ['success'],
    });
    this.lastRequestTime = registry.gauge({
      name: 'metrics_server_kubelet_last_request_time_seconds',
      help: '[ALPHA] Unix time of the last request to a kubelet, successful or not.',
      labelNames: ['node'],
    });
    this.cycleDuration = registry.histogram({
      name: 'metrics_server_manager_tick_duration_seconds',
      help: '[ALPHA] Time it took to scrape all nodes once.',
      buckets: cycleBuckets(resolutionMs / 1000),
    });
    this.failures = registry.counter({
      name: 'metrics_server_kubelet_request_failures_total',
      help: '[ALPHA] Failed requests to kubelets by reason.',
      labelNames: ['reason'],
    });
    this.skipped = registry.counter({
      name: 'metrics_server_kubelet_request_skipped_total',
      help: '[ALPHA] Requests left out because the one of the cycle before was still under way.',
    });
  }

  request({ node, startedMs, durationMs, failure }: ScrapeOutcome): void {
    this.requestDuration.observe({ node }, durationMs / 1000);
    this.lastRequestTime.set({ node }, startedMs / 1000);
    this.requests.inc({ success: failure ? 'false' : 'true' });
    if (failure) this.failures.inc({ reason: failure.reason });
  }

  cycle(durationMs: number): void {
    this.cycleDuration.observe({}, durationMs / 1000);
  }

  skip(): void {
    this.skipped.inc();
  }

  forget(node: string): void {
    this.requestDuration.remove({ node });
    this.lastRequestTime.remove({ node });
  }
}

/** Finest around what matters: whether a cycle ends within the resolution. */
function cycleBuckets(resolutionSeconds: number): readonly number[] {
  const longest = DEFAULT_BUCKETS[DEFAULT_BUCKETS.length - 1];
  if (resolutionSeconds <= longest) return DEFAULT_BUCKETS;
  return [...DEFAULT_BUCKETS, longest + (resolutionSeconds - longest) / 2, resolutionSeconds, resolutionSeconds * 1.5, resolutionSeconds * 2];
}
