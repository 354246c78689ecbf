import { ByteRoom, MAX_HELD_BYTES } from './byte-room';
import { QueryAnswer, queryAnswer } from './samples';
import { SeriesDecoder } from './series-decoder';
import { SourceConfiguration } from './source-configuration';
import { asQuery, NotPrometheusError } from './source-error';
import { readHeld, SourceHttp } from './source-http';
import { Clock } from '../clock';

/** What is asked of Prometheus. Failures are a SourceError; when aborted, the signal's reason. */
export interface Prometheus {
  /** As messages call it. */
  readonly name: string;
  /** An instant query at a time. */
  query(query: string, timeMs: number, signal: AbortSignal): Promise<QueryAnswer>;
  /** Labels of each series that had a sample since `startMs`, one by one. */
  series(selector: string, startMs: number, onSeries: (labels: Readonly<Record<string, string>>) => void, signal: AbortSignal): Promise<void>;
  /** What it has at a path, which may have a query: whatever speaks HTTP is a source. */
  document(path: string, maxBytes: number, signal: AbortSignal): Promise<HttpDocument>;
}

export interface HttpDocument {
  /** `GET http://shop/orders` */
  readonly asked: string;
  readonly text: string;
}

/** Of our own time: what takes Prometheus longer, it says itself, and that it is this query, before we would give up on it. */
const TIME_OF_QUERY = 0.9;
/** Nobody waits for a list of series, and it may be long. */
const SERIES_TIMEOUT_MS = 60_000;
/** Two million series; they are not held. */
const MAX_LISTING_BYTES = 1024 * 1024 * 1024;

export class PrometheusClient implements Prometheus {
  readonly name: string;
  private readonly http: SourceHttp;

  /** @param room for the answers of all clients that share it */
  constructor(private readonly configuration: SourceConfiguration, clock: Clock, userAgent: string, private readonly room: ByteRoom) {
    this.name = configuration.name;
    this.http = new SourceHttp(configuration, clock, userAgent);
  }

  async query(query: string, timeMs: number, signal: AbortSignal): Promise<QueryAnswer> {
    const { timeoutMs } = this.configuration;
    const parameters = new URLSearchParams({ query, time: seconds(timeMs), timeout: `${Math.ceil(timeoutMs * TIME_OF_QUERY)}ms` });
    const bounds = { maxBytes: MAX_HELD_BYTES, room: this.room, mend: '; ask for fewer series' };
    return this.http.request({ path: '/api/v1/query', parameters, asked: asQuery(query), timeoutMs, signal }, (response, suspend) => (
      readHeld(response, suspend, bounds, (text) => queryAnswer(dataOf(parsed(text))))
    ));
  }

  async series(
    selector: string, startMs: number, onSeries: (labels: Readonly<Record<string, string>>) => void, signal: AbortSignal,
  ): Promise<void> {
    const parameters = new URLSearchParams({ 'match[]': selector, 'start': seconds(startMs) });
    const timeoutMs = Math.max(this.configuration.timeoutMs, SERIES_TIMEOUT_MS);
    return this.http.request({ path: '/api/v1/series', parameters, asked: asQuery(selector), timeoutMs, signal }, async (response) => {
      const decoder = new SeriesDecoder(onSeries);
      let bytes = 0;
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > MAX_LISTING_BYTES) throw new Error(`the answer has more than ${MAX_LISTING_BYTES} bytes; choose fewer series`);
        decoder.push(chunk);
      }
      dataOf(parsed(decoder.end()));
    });
  }

  async document(path: string, maxBytes: number, signal: AbortSignal): Promise<HttpDocument> {
    const { url, timeoutMs } = this.configuration;
    const asked = `GET ${url.origin}${url.pathname.replace(/\/$/, '')}${path}`;
    return this.http.request({ path, isOneOfMany: true, asked, timeoutMs, signal }, (response, suspend) => (
      readHeld(response, suspend, { maxBytes, room: this.room }, (text) => ({ asked, text }))
    ));
  }

  /** Ends all connections and what runs on them. */
  close(): void {
    this.http.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotPrometheusError('no JSON');
  }
}

function dataOf(answer: unknown): unknown {
  const { status, data } = (answer ?? {}) as { readonly status?: unknown; readonly data?: unknown };
  if (status !== 'success' || data === undefined) throw new NotPrometheusError('not one of the Prometheus API');
  return data;
}

function seconds(timeMs: number): string {
  return (timeMs / 1000).toFixed(3);
}
