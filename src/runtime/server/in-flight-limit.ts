import { SUPERUSERS } from './authorization/authorizer';
import { isLongRunning, RequestInfo } from './request-info';
import { ServerMetrics } from './server-metrics';
import { StatusError } from './status';
import { UserInfo } from './user';
import { Stop } from '../clock';

export interface InFlightLimitOptions {
  /** More requests at the same time are answered 429. 0 for no limit. */
  readonly maxRequestsInFlight: number;
  /** The same for requests other than reading. @default no limit */
  readonly maxMutatingRequestsInFlight?: number;
  readonly metrics: ServerMetrics;
}

/** What probes ask for. Others, such as paths of a single check, may need a review and so have to wait their turn. */
const PROBED_PATHS = ['/livez', '/readyz', '/healthz'];
const READING_VERBS = ['get', 'list', 'watch'];

/** Keeps requests that are answered at the same time few. */
export class InFlightLimit {
  private readonly inFlight = { readOnly: 0, mutating: 0 };

  constructor(private readonly options: InFlightLimitOptions) {}

  /**
   * Probes and what may take long are always let in, and so are superusers, kube-apiserver among them, who take a place where there is one, as upstream.
   * Returns what gives the place back. @throws StatusError (429) where there is none
   */
  enter(info: RequestInfo, user: UserInfo): Stop {
    const { maxRequestsInFlight, maxMutatingRequestsInFlight = 0, metrics } = this.options;
    if (isLongRunning(info) || PROBED_PATHS.includes(info.path)) return () => {};
    const kind = READING_VERBS.includes(info.verb) ? 'readOnly' : 'mutating';
    const limit = kind === 'readOnly' ? maxRequestsInFlight : maxMutatingRequestsInFlight;
    if (limit > 0 && this.inFlight[kind] >= limit) {
      if (user.groups.includes(SUPERUSERS)) return () => {};
      throw StatusError.tooManyRequests();
    }
    metrics.requestsInFlight(kind, ++this.inFlight[kind]);
    return () => metrics.requestsInFlight(kind, --this.inFlight[kind]);
  }
}
