import { Sample } from '../prometheus/samples';

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
  /** As messages call it, unless it is a source of the configuration. */
  readonly name?: string;
  /** What it asks, for messages: as in an exchange. */
  readonly asked: string;
  /** As of `timeMs`, which is now; several of the same series become one. @throws SourceError that says why there are none, or the signal's reason */
  samples(timeMs: number, signal: AbortSignal, record?: Recorder): Promise<readonly Sample[]>;
}
