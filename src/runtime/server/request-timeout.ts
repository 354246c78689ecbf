import { StatusError } from './status';
import { Clock, Stop } from '../clock';
import { parseDuration } from '../flags/duration';

/** By which an answer has to be sent. */
export interface Deadline {
  /** For a request that may take as long as it likes. */
  lift(): void;
  /** The answer has its time from now. */
  renew(): void;
}

/** The time in which a request has to be answered: 504 after it. */
export class RequestTimeout {
  private readonly ended = new AbortController();
  private stopTimer: Stop | undefined;

  constructor(private readonly clock: Clock, private readonly timeoutMs: number, private readonly sending: Deadline) {
    this.endAfter(timeoutMs);
  }

  /** Aborted when nobody waits for the answer any longer. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** A client may want to wait less than the server would let it: `?timeout=`. @throws StatusError for one that cannot be read, or is over */
  shorten(timeout: string | null): void {
    if (!timeout) return;
    const timeoutMs = parseTimeout(timeout);
    if (timeoutMs > 0 && timeoutMs < 1) throw StatusError.timeout();
    if (timeoutMs > 0 && timeoutMs < this.timeoutMs) this.endAfter(timeoutMs);
  }

  /** For a request that may take as long as it likes. */
  lift(): void {
    this.stopTimer?.();
    this.sending.lift();
  }

  /** The answer has its time from now. */
  renew(): void {
    this.endAfter(this.timeoutMs);
    this.sending.renew();
  }

  /** Its client is gone. */
  abandon(): void {
    this.ended.abort(new Error('the client is gone'));
  }

  /** It is answered. */
  end(): void {
    this.stopTimer?.();
  }

  private endAfter(ms: number): void {
    this.stopTimer?.();
    this.stopTimer = this.clock.after(ms, () => this.ended.abort(StatusError.timeout()));
  }
}

function parseTimeout(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw StatusError.badRequest(`invalid timeout specified in the request URL - ${(error as Error).message}`);
  }
}
