import { HttpDocument, Prometheus } from './prometheus-client';
import { QueryAnswer } from './samples';
import { asQuery, SourceError } from './source-error';
import { SourceOutcomes } from './source-outcomes';
import { Clock } from '../clock';
import { Counter, Histogram } from '../telemetry/metric-family';
import { MetricRegistry } from '../telemetry/metric-registry';

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Requests to sources. Labels are bounded by the configuration and the status codes of HTTP. */
export class SourceMetrics {
  private readonly requests: Counter<'source' | 'code'>;
  private readonly duration: Histogram<'source'>;

  constructor(registry: MetricRegistry, private readonly clock: Pick<Clock, 'monotonic'>) {
    this.requests = registry.counter({
      name: 'metrics_server_metric_source_request_total',
      help: '[ALPHA] Requests to sources of custom and external metrics, by HTTP code, or by reason where there was no answer.',
      labelNames: ['source', 'code'],
    });
    this.duration = registry.histogram({
      name: 'metrics_server_metric_source_request_duration_seconds',
      help: '[ALPHA] Duration of requests to sources of custom and external metrics.',
      labelNames: ['source'],
      buckets: BUCKETS,
    });
  }

  /** A request that several sources share counts for each of them. */
  async measured<T>(sources: readonly string[], ask: () => Promise<T>): Promise<T> {
    const startMs = this.clock.monotonic();
    let code = '200';
    try {
      return await ask();
    } catch (error) {
      code = error instanceof SourceError ? String(error.code ?? error.reason) : 'aborted';
      throw error;
    } finally {
      for (const source of sources) {
        this.requests.inc({ source, code });
        this.duration.observe({ source }, (this.clock.monotonic() - startMs) / 1000);
      }
    }
  }
}

/** A source whose requests are counted, and whose failures are told. */
export class MeasuredPrometheus implements Prometheus {
  readonly name: string;

  constructor(private readonly prometheus: Prometheus, private readonly metrics: SourceMetrics, private readonly outcomes: SourceOutcomes) {
    this.name = prometheus.name;
  }

  query(...request: Parameters<Prometheus['query']>): Promise<QueryAnswer> {
    return this.measured(asQuery(request[0]), () => this.prometheus.query(...request));
  }

  series(...request: Parameters<Prometheus['series']>): Promise<void> {
    return this.measured(asQuery(request[0]), () => this.prometheus.series(...request));
  }

  document(...request: Parameters<Prometheus['document']>): Promise<HttpDocument> {
    return this.measured(`GET ${request[0]}`, () => this.prometheus.document(...request));
  }

  private measured<T>(asked: string, ask: () => Promise<T>): Promise<T> {
    return this.outcomes.observed(this.name, asked, () => this.metrics.measured([this.name], ask));
  }
}
