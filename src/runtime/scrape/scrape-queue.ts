import { Clock, Stop } from '../clock';

export interface ScrapeQueueOptions {
  readonly clock: Clock;
  /** Requests under way at the same time, not counting slow ones. */
  readonly maxInFlight: number;
  /** A request that takes longer gives its slot to the next. */
  readonly slowAfterMs: number;
  /** Requests under way at the same time, slow ones too. @default any number */
  readonly maxRunning?: number;
  /** Requests that begin in a millisecond, and as many for each further one that a turn of the event loop took, up to four; asked each time. */
  readonly maxPerMs: () => number;
}

/** The shortest time that a timer knows: a turn of the event loop, in which others are seen to. */
const MOMENT_MS = 1;
const MAX_MOMENT_MS = 4;

/** A scrape under way. */
interface Slot {
  readonly startedAt: number;
}

/**
 * Runs a bounded number of scrapes at a time. Kubelets that hang cannot hold the others up: after a moment they no longer count,
 * and what is not urgent waits until nothing urgent does. Kubelets asked together answer together, and whoever asks this server at that
 * moment waits for all their pages to be read: so only a few are.
 */
export class ScrapeQueue<T> {
  private readonly urgent: T[] = [];
  private readonly other: T[] = [];
  /** Those that count, in the order in which they began: one timer, for the first of them, will do. */
  private readonly occupied = new Set<Slot>();
  private stopTimer: Stop | undefined;
  /** That may still begin in this moment; undefined until the first of them. */
  private left: number | undefined;
  private stopMoment: Stop | undefined;
  private running = 0;
  private idleCallbacks: (() => void)[] = [];

  /** `run` must not reject. */
  constructor(private readonly options: ScrapeQueueOptions, private readonly run: (item: T) => Promise<void>) {}

  push(item: T, urgent: boolean): void {
    (urgent ? this.urgent : this.other).push(item);
    this.fill();
  }

  /** Forgets what has not begun. */
  clear(): void {
    this.urgent.length = this.other.length = 0;
    this.endMoment();
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    if (this.running === 0) return;
    await new Promise<void>(resolve => this.idleCallbacks.push(resolve));
  }

  private fill(): void {
    const { maxInFlight, maxRunning = Infinity, maxPerMs } = this.options;
    while (this.left !== 0 && this.occupied.size < maxInFlight && this.running < maxRunning) {
      const item = this.urgent.shift() ?? this.other.shift();
      if (item === undefined) return;
      this.left = (this.left ?? maxPerMs()) - 1;
      this.start(item);
    }
  }

  private start(item: T): void {
    const { clock, slowAfterMs, maxPerMs } = this.options;
    const slot: Slot = { startedAt: clock.monotonic() };
    this.running++;
    this.occupied.add(slot);
    this.stopMoment ??= clock.after(MOMENT_MS, () => {
      this.endMoment();
      const tookMs = Math.floor(clock.monotonic() - slot.startedAt);
      if (this.urgent.length + this.other.length > 0) this.left = maxPerMs() * Math.max(1, Math.min(tookMs, MAX_MOMENT_MS));
      this.fill();
    });
    this.stopTimer ??= clock.after(slowAfterMs, () => this.giveWay());
    void this.run(item).then(() => this.end(slot));
  }

  private endMoment(): void {
    this.stopMoment?.();
    this.stopMoment = undefined;
    this.left = undefined;
  }

  private end(slot: Slot): void {
    this.running--;
    this.occupied.delete(slot);
    this.fill();
    if (this.running > 0) return;
    this.stopTimer?.();
    this.stopTimer = undefined;
    this.idleCallbacks.splice(0).forEach(resolve => resolve());
  }

  /** Slow ones do not count any more. */
  private giveWay(): void {
    const { clock, slowAfterMs } = this.options;
    this.stopTimer = undefined;
    const nowMs = clock.monotonic();
    for (const slot of this.occupied) {
      const leftMs = slot.startedAt + slowAfterMs - nowMs;
      if (leftMs > 0) {
        this.stopTimer = clock.after(leftMs, () => this.giveWay());
        break;
      }
      this.occupied.delete(slot);
    }
    this.fill();
  }
}
