import { SourceUnavailableError } from '../custom-metrics/metric-errors';
import { StatusError } from '../server/status';

/** Why there is no answer. `query`: Prometheus refused it. */
export type PrometheusFailureReason = 'transport' | 'timeout' | 'unavailable' | 'unauthorized' | 'query' | 'answer' | 'credentials';

const MAX_QUERY_LENGTH = 300;

/** A source that did not answer, or not with what was asked for. The message names source, HTTP code and query: people read it in events. */
export class PrometheusError extends Error {
  readonly name = 'PrometheusError';

  constructor(
    readonly source: string,
    readonly reason: PrometheusFailureReason,
    readonly problem: string,
    readonly query: string,
    /** Undefined when there was no HTTP answer. */
    readonly code?: number,
  ) {
    super(`source ${source}: ${code === undefined ? '' : `HTTP ${code}: `}${problem}; query: ${shortened(query)}`);
  }

  /** What a client of the API is told: 503 for what may pass, 500 for what someone has to mend. */
  toStatus(): StatusError {
    return this.reason === 'query' ? StatusError.internalError(this.message) : new SourceUnavailableError(this.message);
  }
}

/** Names of many pods make queries of many kilobytes. */
function shortened(query: string): string {
  const line = query.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_QUERY_LENGTH ? line : `${line.slice(0, MAX_QUERY_LENGTH)}… (${line.length} characters)`;
}
