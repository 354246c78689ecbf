import { Clock } from '../clock';

/**
 * Far more than a client gives up that is in earnest, and fewer than the 1,000 at which nghttp2 breaks off: Node.js 20 then forgets
 * the connection, whose socket stays open until it has been idle for long enough.
 */
const AT_ONCE = 500;
/** As nghttp2. */
const PER_SECOND = 33;

/** How many requests a client may reset. Each costs the client nothing, and us the work until then. */
export class ResetLimit {
  private left = AT_ONCE;
  private seenMs: number;

  constructor(private readonly clock: Clock) {
    this.seenMs = clock.monotonic();
  }

  /** Counts one, and says whether it is one too many. */
  isExceeded(): boolean {
    const nowMs = this.clock.monotonic();
    this.left = Math.min(AT_ONCE, this.left + (nowMs - this.seenMs) / 1000 * PER_SECOND) - 1;
    this.seenMs = nowMs;
    return this.left < 0;
  }
}
