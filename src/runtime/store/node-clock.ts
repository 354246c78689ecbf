import { ClockReading } from '../scrape/clock-reading';

/** How fast a clock goes at most that is being corrected: Linux changes its tick by no more than a tenth. */
const MAX_DRIFT = 0.1;

/** Tells when a node's clock was set, by all that its kubelet's answers have said of it. */
export class NodeClock {
  private leastAheadMs = -Infinity;
  private mostAheadMs = Infinity;
  private readAtMs = 0;
  private shownAtMs = -Infinity;

  /** When an answer first showed that it had been set, on our monotonic clock. */
  get setShownAtMs(): number {
    return this.shownAtMs;
  }

  read({ leastAheadMs, mostAheadMs }: ClockReading, nowMs: number): void {
    const drift = MAX_DRIFT * (nowMs - this.readAtMs);
    this.readAtMs = nowMs;
    this.leastAheadMs = Math.max(leastAheadMs, this.leastAheadMs - drift);
    this.mostAheadMs = Math.min(mostAheadMs, this.mostAheadMs + drift);
    if (this.leastAheadMs <= this.mostAheadMs) return;
    // No clock that runs on says both.
    this.leastAheadMs = leastAheadMs;
    this.mostAheadMs = mostAheadMs;
    this.shownAtMs = nowMs;
  }
}
