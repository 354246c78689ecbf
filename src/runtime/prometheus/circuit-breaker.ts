import { HttpDocument, Prometheus } from './prometheus-client';
import { QueryAnswer } from './samples';
import { asQuery, SourceError } from './source-error';
import { SourceHealth } from './source-health';
import { Clock, Random } from '../clock';
import { Backoff } from '../cluster/backoff';

const INITIAL_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 30_000;

/**
 * A source that is left alone for a while after it has failed several times: nobody waits for what will not come, and it is not
 * overrun while it comes back. After each pause one query tries. If it failed at one question only, just that is left out.
 */
export class CircuitBreaker implements Prometheus {
  readonly name: string;
  private readonly backoff: Backoff;
  /** Of this configuration alone: the one before may have asked at another URL. */
  private readonly health = new SourceHealth();
  private openUntilMs = 0;
  private trying = false;
  private last: SourceError | undefined;

  constructor(private readonly prometheus: Prometheus, private readonly clock: Clock, random: Random) {
    this.name = prometheus.name;
    this.backoff = new Backoff({ initialMs: INITIAL_PAUSE_MS, maxMs: MAX_PAUSE_MS, random });
  }

  query(query: string, timeMs: number, signal: AbortSignal): Promise<QueryAnswer> {
    return this.guarded(asQuery(query), () => this.prometheus.query(query, timeMs, signal));
  }

  series(...request: Parameters<Prometheus['series']>): Promise<void> {
    return this.guarded(asQuery(request[0]), () => this.prometheus.series(...request));
  }

  document(...request: Parameters<Prometheus['document']>): Promise<HttpDocument> {
    return this.guarded(`GET ${request[0]}`, () => this.prometheus.document(...request));
  }

  private async guarded<T>(asked: string, ask: () => Promise<T>): Promise<T> {
    const open = this.health.failsAt(asked);
    if (open && (this.trying || this.clock.monotonic() < this.openUntilMs)) throw this.left(asked);
    if (open) this.trying = true;
    const answersBefore = this.health.answers;
    try {
      const answer = await ask();
      this.health.answered();
      return answer;
    } catch (error) {
      if (error instanceof SourceError && this.health.failed(asked, error, answersBefore)) this.failed(asked, error);
      throw error;
    } finally {
      if (open) this.trying = false;
      if (this.health.failures === 0) this.backoff.reset();
    }
  }

  private failed(asked: string, error: SourceError): void {
    this.last = error;
    const nowMs = this.clock.monotonic();
    // Of those that were asked together only one counts.
    if (this.health.failsAt(asked) && nowMs >= this.openUntilMs) this.openUntilMs = nowMs + this.backoff.nextMs();
  }

  private left(asked: string): SourceError {
    const { reason, code, problem } = this.last!;
    return new SourceError(this.name, reason, `${problem} (${this.health.failures} times; asked again in a moment)`, asked, code);
  }
}
