import { Clock, Random } from '../clock';
import { StatusError } from './status';
import { ApiClient } from '../cluster/api-client';
import { pause } from '../cluster/backoff';
import { abortable } from '../cluster/deadline';
import { TransportError } from '../cluster/transport-error';

export interface ReviewOptions {
  /** On whose behalf: flows take turns where reviews wait. */
  readonly flow?: string;
  readonly signal?: AbortSignal;
}

/** Creates TokenReviews and SubjectAccessReviews. Rejects with an error whose numeric `code` is the HTTP status, if there was one. */
export interface ReviewClient {
  create<T>(path: string, body: unknown, options?: ReviewOptions): Promise<T>;
}

/** Asks once. `onAnswer` is told each attempt's HTTP status, undefined when there was none. */
export function reviewsOf(client: Pick<ApiClient, 'request'>, onAnswer?: (code: number | undefined) => void): ReviewClient {
  return { create: (path, body, { signal } = {}) => client.request({ method: 'POST', path, body, signal, onAnswer }) };
}

const TIMEOUT_MS = 10_000;

/** As k8s.io/apiserver asks its webhooks. */
const RETRY = { attempts: 5, delayMs: 500, factor: 1.5, jitter: 0.2 };

/** Asks again, a few times and ever more slowly, while the API server is overloaded, failing or out of reach. */
export class RetryingReviewClient implements ReviewClient {
  constructor(private readonly client: ReviewClient, private readonly clock: Clock, private readonly random: Random) {}

  async create<T>(path: string, body: unknown, { flow, signal }: ReviewOptions = {}): Promise<T> {
    const timeout = new AbortController();
    const stop = this.clock.after(TIMEOUT_MS, () => timeout.abort(new TransportError('timeout', `no answer within ${TIMEOUT_MS / 1000}s`)));
    const either = signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal;
    try {
      return await this.attempt<T>(`${path}?timeout=${TIMEOUT_MS / 1000}s`, body, { flow, signal: either });
    } finally {
      stop();
    }
  }

  private async attempt<T>(path: string, body: unknown, options: ReviewOptions & { readonly signal: AbortSignal }): Promise<T> {
    const { signal } = options;
    let delayMs = RETRY.delayMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return await abortable(this.client.create<T>(path, body, options), signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (attempt === RETRY.attempts || !isTransient(error)) throw error;
      }
      await pause(this.clock, delayMs * (1 + RETRY.jitter * this.random()), signal);
      signal.throwIfAborted();
      delayMs *= RETRY.factor;
    }
  }
}

/** 429, 5xx, and whatever never became an HTTP response. What we refused ourselves is for our client to try again. */
function isTransient(error: unknown): boolean {
  if (error instanceof StatusError) return false;
  const code = (error as { code?: unknown }).code;
  return typeof code !== 'number' || code === 429 || code >= 500;
}
