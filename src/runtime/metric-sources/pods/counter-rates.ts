import { RoundBudgetError } from './round-budget';

/** Twice the samples of a round: pods that go are remembered for the window. */
const MAX_COUNTERS = 100_000;

/** Over how long a rate is, and how much it is. */
export interface Rate {
  readonly perSecond: number;
  readonly windowSeconds: number;
}

interface Point {
  readonly timeMs: number;
  /** Since the first one, across resets. */
  readonly total: number;
}

interface Counter {
  value: number;
  points: Point[];
}

/**
 * Rates of counters over a window: from the oldest sample in it to the newest, never beyond them, so that `windowSeconds` is the time that was
 * really seen. A counter that falls was reset, and counts from zero, as in Prometheus.
 */
export class CounterRates {
  private readonly counters = new Map<string, Counter>();

  constructor(private readonly windowMs: number, private readonly maxCounters = MAX_COUNTERS) {}

  /** Undefined for a counter that was not seen before within the window. @throws RoundBudgetError for one too many */
  rate(key: string, value: number, timeMs: number): Rate | undefined {
    if (!Number.isFinite(value)) return undefined;
    if (this.counters.size >= this.maxCounters && !this.counters.has(key)) throw new RoundBudgetError(`${this.maxCounters} counters within the window`);
    const counter = this.counters.get(key) ?? { value, points: [] };
    const { total = 0 } = counter.points.at(-1) ?? {};
    counter.points = counter.points.filter((point) => timeMs - point.timeMs <= this.windowMs);
    const newest = { timeMs, total: total + (value >= counter.value ? value - counter.value : value) };
    counter.points.push(newest);
    counter.value = value;
    this.counters.set(key, counter);
    const [oldest] = counter.points;
    const elapsedMs = timeMs - oldest.timeMs;
    if (elapsedMs <= 0) return undefined;
    return { perSecond: (newest.total - oldest.total) * 1000 / elapsedMs, windowSeconds: Math.max(1, Math.round(elapsedMs / 1000)) };
  }

  /** Has seen what `before` has. */
  continueFrom(before: CounterRates): void {
    for (const [key, counter] of before.counters) if (!this.counters.has(key)) this.counters.set(key, { ...counter, points: [...counter.points] });
  }

  /** Forgets what was not seen within the window: pods go. */
  prune(timeMs: number): void {
    for (const [key, { points }] of this.counters) {
      if (timeMs - points[points.length - 1].timeMs > this.windowMs) this.counters.delete(key);
    }
  }
}
