import { Clock, Stop } from '../../src/runtime/clock';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test advances it. */
export class ManualClock implements Clock {
  private readonly timers = new Set<Timer>();

  /** By how much somebody has set the wall clock. */
  private setByMs = 0;

  constructor(private timeMs = Date.parse('2026-01-01T00:00:00Z')) {}

  /** Timers that wait. */
  get pending(): number {
    return this.timers.size;
  }

  /** Time until the next timer is due, undefined when none waits. */
  get nextInMs(): number | undefined {
    return this.pending === 0 ? undefined : Math.min(...[...this.timers].map(({ dueMs }) => dueMs)) - this.timeMs;
  }

  now(): number {
    return this.timeMs + this.setByMs;
  }

  /** Sets the wall clock: no time passes. */
  setBy(ms: number): void {
    this.setByMs += ms;
  }

  monotonic(): number {
    return this.timeMs;
  }

  after(delayMs: number, callback: () => void): Stop {
    const timer = { dueMs: this.timeMs + Math.max(0, delayMs), callback };
    this.timers.add(timer);
    return () => { this.timers.delete(timer); };
  }

  /** Moves time on, calling back what becomes due in its order, including what callbacks start. */
  advance(ms: number): void {
    const endMs = this.timeMs + ms;
    for (;;) {
      const next = [...this.timers].filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.timers.delete(next);
      this.timeMs = next.dueMs;
      next.callback();
    }
    this.timeMs = endMs;
  }
}
