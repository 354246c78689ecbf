import { HttpDocument, Prometheus } from '../../../src/runtime/prometheus/prometheus-client';
import { QueryAnswer } from '../../../src/runtime/prometheus/samples';

type Labels = Readonly<Record<string, string>>;
type SeriesOf = (selector: string) => readonly Labels[];
type AnswerTo = (query: string, timeMs: number, signal: AbortSignal) => QueryAnswer | Promise<QueryAnswer>;

/** Answers as it is told, and remembers what it was asked. */
export class FakePrometheus implements Prometheus {
  readonly queries: string[] = [];
  readonly listings: { readonly selector: string; readonly startMs: number }[] = [];
  seriesOf: SeriesOf;
  answerTo: AnswerTo;
  documentAt: (path: string) => string | Promise<string>;

  constructor(readonly name = 'main') {
    this.seriesOf = () => [];
    this.answerTo = () => vector([]);
    this.documentAt = () => '{}';
  }

  async query(query: string, timeMs: number, signal: AbortSignal): Promise<QueryAnswer> {
    this.queries.push(query);
    return this.answerTo(query, timeMs, signal);
  }

  async series(selector: string, startMs: number, onSeries: (labels: Labels) => void): Promise<void> {
    this.listings.push({ selector, startMs });
    this.seriesOf(selector).forEach(onSeries);
  }

  async document(path: string): Promise<HttpDocument> {
    return { asked: `GET ${path}`, text: await this.documentAt(path) };
  }
}

export function vector(samples: readonly (readonly [Labels, number])[], timestampMs = 0): QueryAnswer {
  return { type: 'vector', samples: samples.map(([labels, value]) => ({ labels, value, timestampMs })) };
}

export function scalar(value: number, timestampMs = 0): QueryAnswer {
  return { type: 'scalar', samples: [{ labels: {}, value, timestampMs }] };
}
