import { Clock } from './clock';

export interface Rate {
  readonly perSecond: number;
  /** How many may come at once after a pause. */
  readonly burst: number;
}

/** Permits that come back at a rate. */
export class TokenBucket {
  private permits: number;
  private seenMs: number;

  constructor(private readonly clock: Clock, private readonly rate: Rate) {
    this.permits = rate.burst;
    this.seenMs = clock.monotonic();
  }

  /** Takes a permit and returns 0, or takes none and returns the time until there is one. */
  take(): number {
    const { burst, perSecond } = this.rate;
    const nowMs = this.clock.monotonic();
    this.permits = Math.min(burst, this.permits + (nowMs - this.seenMs) / 1000 * perSecond);
    this.seenMs = nowMs;
    if (this.permits < 1) return (1 - this.permits) / perSecond * 1000;
    this.permits--;
    return 0;
  }
}
