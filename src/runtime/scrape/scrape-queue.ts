import { Clock } from '../clock';

export interface ScrapeQueueOptions {
  readonly clock: Clock;
  /** Requests under way at the same time, not counting slow ones. */
  readonly maxInFlight: number;
  /** A request that takes longer gives its slot to the next. */
  readonly slowAfterMs: number;
}

/**
 * Runs a bounded number of scrapes at a time. Kubelets that hang cannot hold the others up: after a moment they no longer count,
 * and what is not urgent waits until nothing urgent does.
 */
export class ScrapeQueue<T> {
  private readonly urgent: T[] = [];
  private readonly other: T[] = [];
  private occupied = 0;
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
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    if (this.running === 0) return;
    await new Promise<void>(resolve => this.idleCallbacks.push(resolve));
  }

  private fill(): void {
    while (this.occupied < this.options.maxInFlight) {
      const item = this.urgent.shift() ?? this.other.shift();
      if (item === undefined) return;
      void this.start(item);
    }
  }

  private async start(item: T): Promise<void> {
    this.running++;
    this.occupied++;
    let occupies = true;
    const free = () => {
      if (!occupies) return;
      occupies = false;
      this.occupied--;
      this.fill();
    };
    const stopWaiting = this.options.clock.after(this.options.slowAfterMs, free);
    await this.run(item);
    stopWaiting();
    this.running--;
    free();
    if (this.running === 0) this.idleCallbacks.splice(0).forEach(resolve => resolve());
  }
}
