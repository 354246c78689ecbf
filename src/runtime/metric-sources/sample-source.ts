import { MetricNotFoundError } from '../custom-metrics/metric-errors';
import { Sample } from '../prometheus/samples';
import { SourceError, SourceFailureReason } from '../prometheus/source-error';
import { StatusError } from '../server/status';

/** What was asked, and what of the answer the metric is made of: for people who want to see where a value is from. They may read metrics, not whatever the adapter may read. */
export interface SourceExchange {
  /** Whom, as messages call it. */
  readonly source: string;
  /** `query: sum(up)`, `GET http://shop/orders`. Holds no secret. */
  readonly asked: string;
  /** Series or samples in JSON, with the labels that the metric declares; or what is wrong. */
  readonly answer: string;
}

/** Told of each exchange that gave an answer. */
export type Recorder = (exchange: SourceExchange) => void;

/** Where the samples of a declared metric come from: each kind is one file beside this one. */
export interface SampleSource {
  /** Whom it asks, as messages and metrics call them. */
  readonly sources: readonly string[];
  /** What it asks, for messages: as in an exchange. */
  readonly asked: string;
  /** As of `timeMs`, which is now; several of the same series become one. @throws SourceError that says why there are none, or the signal's reason */
  samples(timeMs: number, signal: AbortSignal, record?: Recorder): Promise<readonly Sample[]>;
  /** Of one that makes values of several answers: goes on with what the same source of another configuration has seen. */
  continueFrom?(before: SampleSource): void;
}

/** Whom and what, for messages. */
export type Asked = Pick<SampleSource, 'sources' | 'asked'>;

/** What is wrong with the answers, for the metric. */
export function failureOf({ sources, asked }: Asked, reason: SourceFailureReason, problem: string): SourceError {
  return new SourceError(sources.join(', '), reason, problem, asked);
}

/** 404 that says whose answers hold no value. */
export function nothingFrom(asked: Asked, { message }: MetricNotFoundError): StatusError {
  return new StatusError(404, 'NotFound', `${message}: ${failureOf(asked, 'answer', 'it gives nothing for that').message}`);
}
