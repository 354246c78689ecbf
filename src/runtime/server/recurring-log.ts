import { Clock } from '../clock';
import { TokenBucket } from '../token-bucket';

const INTERVAL_MS = 60_000;

/** Of different texts, such as those that clients have a word in. Within the interval these are fewer than are remembered. */
const RATE = { perSecond: 10 / 60, burst: 20 };
const MAX_TEXTS = 100;

/** Lets a message through once a minute, and few of them, so that clients that keep failing do not fill the log. */
export class RecurringLog {
  /** The first is the one that was written the longest ago. */
  private readonly lastMs = new Map<string, number>();
  private readonly permits: TokenBucket;
  private leftOut = 0;

  constructor(private readonly clock: Clock, private readonly write: (text: string) => void) {
    this.permits = new TokenBucket(clock, RATE);
  }

  log(text: string): void {
    const nowMs = this.clock.monotonic();
    if (nowMs - (this.lastMs.get(text) ?? -Infinity) < INTERVAL_MS) return;
    if (this.permits.take() > 0) {
      this.leftOut++;
      return;
    }
    this.remember(text, nowMs);
    this.write(this.leftOut === 0 ? text : `${text} (${this.leftOut} others were left out)`);
    this.leftOut = 0;
  }

  private remember(text: string, nowMs: number): void {
    this.lastMs.delete(text);
    this.lastMs.set(text, nowMs);
    if (this.lastMs.size > MAX_TEXTS) this.lastMs.delete(this.lastMs.keys().next().value!);
  }
}
