import { Clock } from '../clock';
import { TokenBucket } from '../token-bucket';

/**
 * Far more than a client gives up that is in earnest, and fewer than the 1,000 at which nghttp2 breaks off: Node.js 20 then forgets
 * the connection, whose socket stays open until it has been idle for long enough. So it does after as many resets of one and the same
 * request, of which we hear once; Node.js 24 closes the connection at once.
 */
const BURST = 500;
/** As nghttp2. */
const PER_SECOND = 33;

/** How many requests a client may reset. Each costs the client nothing, and us the work until then. */
export class ResetLimit {
  private readonly permits: TokenBucket;

  constructor(clock: Clock) {
    this.permits = new TokenBucket(clock, { perSecond: PER_SECOND, burst: BURST });
  }

  /** Counts one, and says whether it is one too many. */
  isExceeded(): boolean {
    return this.permits.take() > 0;
  }
}
