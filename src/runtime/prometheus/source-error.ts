import { ApiStatus } from '../cluster/api-error';
import { SourceUnavailableError } from '../custom-metrics/metric-errors';
import { StatusError } from '../server/status';

/** Why there is no answer. `query`: what was asked was refused; `query-timeout`: the source itself gave it up; `protocol`: what answers is no Prometheus. */
export type SourceFailureReason = 'transport' | 'timeout' | 'unavailable' | 'unauthorized' | 'query' | 'query-timeout' | 'protocol' | 'answer' | 'credentials';

/** A query that Prometheus refused says nothing of Prometheus itself, nor does a Status of the API server that says it. */
const OF_THE_SOURCE: readonly SourceFailureReason[] = ['transport', 'timeout', 'unavailable', 'unauthorized', 'credentials', 'protocol'];

const MAX_ASKED_LENGTH = 300;

/** A source that did not answer, or not with what was asked for. The message names source, HTTP code and question: people read it in events. */
export class SourceError extends Error {
  readonly name = 'SourceError';

  constructor(
    readonly source: string,
    readonly reason: SourceFailureReason,
    readonly problem: string,
    /** `query: sum(up)`, `GET http://shop/orders` */
    readonly asked: string,
    /** Undefined when there was no HTTP answer. */
    readonly code?: number,
    /** What an API server of Kubernetes said of it. */
    readonly status?: ApiStatus,
  ) {
    super(`source ${source}: ${code === undefined ? '' : `HTTP ${code}: `}${problem}; ${shortened(asked)}`);
  }

  /** Whether it would say the same to any question. */
  get isOfSource(): boolean {
    return OF_THE_SOURCE.includes(this.reason) && !this.status;
  }

  /** What a client of the API is told: 503 for what may pass, 500 for what someone has to mend. */
  toStatus(): StatusError {
    return this.reason === 'query' ? StatusError.internalError(this.message) : new SourceUnavailableError(this.message);
  }
}

/** What answers is something else than the configuration takes it for, whatever it is asked. */
export class NotPrometheusError extends Error {
  constructor(answer: string) {
    super(`the answer is ${answer}; is it Prometheus that listens there?`);
  }
}

/** As messages show a query. */
export function asQuery(query: string): string {
  return `query: ${query}`;
}

/** Names of many pods make queries of many kilobytes. */
function shortened(asked: string): string {
  const line = asked.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_ASKED_LENGTH ? line : `${line.slice(0, MAX_ASKED_LENGTH)}… (${line.length} characters)`;
}
