import { Clock, Stop } from '../clock';
import { Rate, TokenBucket } from '../token-bucket';

export interface FairQueueLimits {
  /** Tasks under way at the same time. */
  readonly atOnce: number;
  /** Tasks that begin. */
  readonly rate: Rate;
  readonly waiting: number;
  /** The same, of one flow. */
  readonly waitingOfOne: number;
}

/** How much there is to do. */
export interface QueueLoad {
  readonly waiting: number;
  readonly running: number;
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: () => void;
}

/**
 * Bounds what is done on behalf of many. Flows take turns, so that who asks little does not wait for who asks much. Where too many of one flow
 * wait, its newest is refused; where too many do of all, the newest of the longest flow, and of several that are so long the one whose turn
 * comes last.
 */
export class FairQueue {
  private readonly permits: TokenBucket;
  /** The one whose turn it is comes first. None is empty. */
  private readonly flows = new Map<string, Waiting[]>();
  private waiting = 0;
  private running = 0;
  private stopPause: Stop | undefined;

  constructor(private readonly clock: Clock, private readonly limits: FairQueueLimits) {
    this.permits = new TokenBucket(clock, limits.rate);
  }

  get load(): QueueLoad {
    return { waiting: this.waiting, running: this.running };
  }

  /** Rejects with what `refusal` makes when there is no room, and with the signal's reason when that comes before its turn. */
  async run<T>(flow: string, task: () => Promise<T>, refusal: () => Error, signal?: AbortSignal): Promise<T> {
    await this.turn(flow, refusal, signal);
    try {
      return await task();
    } finally {
      this.running--;
      this.proceed();
    }
  }

  private turn(flow: string, refusal: () => Error, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.remove(flow, entry);
        reject(signal!.reason);
      };
      const settled = () => signal?.removeEventListener('abort', leave);
      const entry = {
        begin: () => {
          settled();
          resolve();
        },
        refuse: () => {
          settled();
          reject(refusal());
        },
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', leave, { once: true });
      this.add(flow, entry);
      this.proceed();
      this.makeRoom(flow);
    });
  }

  private proceed(): void {
    this.stopPause?.();
    while (this.waiting > 0 && this.running < this.limits.atOnce) {
      const pauseMs = this.permits.take();
      if (pauseMs > 0) {
        this.stopPause = this.clock.after(pauseMs, () => this.proceed());
        return;
      }
      this.running++;
      this.next().begin();
    }
  }

  private next(): Waiting {
    const [flow, entries] = this.flows.entries().next().value!;
    const [entry] = entries;
    this.remove(flow, entry);
    // The others' turn is first.
    if (this.flows.delete(flow)) this.flows.set(flow, entries);
    return entry;
  }

  /** For the newest, which is of the flow. */
  private makeRoom(flow: string): void {
    if ((this.flows.get(flow)?.length ?? 0) > this.limits.waitingOfOne) this.refuseNewest(flow);
    else if (this.waiting > this.limits.waiting) this.refuseNewest(this.longest());
  }

  private longest(): string {
    return [...this.flows].reduce((longest, other) => other[1].length >= longest[1].length ? other : longest)[0];
  }

  private refuseNewest(flow: string): void {
    const newest = this.flows.get(flow)!.at(-1)!;
    this.remove(flow, newest);
    newest.refuse();
  }

  private add(flow: string, entry: Waiting): void {
    const entries = this.flows.get(flow);
    if (entries) entries.push(entry);
    else this.flows.set(flow, [entry]);
    this.waiting++;
  }

  private remove(flow: string, entry: Waiting): void {
    const entries = this.flows.get(flow)!;
    entries.splice(entries.indexOf(entry), 1);
    if (entries.length === 0) this.flows.delete(flow);
    this.waiting--;
  }
}
