/** Of answers; the one that is being read takes some eight times its length. None may be longer. */
export const MAX_HELD_BYTES = 16 * 1024 * 1024;

/** Each answer takes as large a part of the room, however full it is: 64 KiB, some 600 samples. */
const ASSURED_PART = 1 / 256;

/** Takes so many bytes more, which are there already; what it returns is to be waited for before there are others. */
export type Grow = (bytes: number) => Promise<void> | undefined;

interface Holder {
  bytes: number;
  goOn?: () => void;
}

/**
 * Room for what is in memory at the same time, which nobody knows beforehand how much it is. Who finds none waits for others to end, but for who came
 * first, and who has little: so all of them end, those with little at once, and what is held is beyond the room by the first one and, of each other,
 * what it is assured of and a chunk. What is complete is best read at once.
 */
export class ByteRoom {
  /** In the order of their coming. */
  private readonly holders = new Set<Holder>();
  private bytes = 0;

  constructor(private readonly maxBytes = MAX_HELD_BYTES) {}

  /** What the task takes is free when it ends. */
  async run<T>(task: (grow: Grow) => Promise<T>): Promise<T> {
    const holder: Holder = { bytes: 0 };
    this.holders.add(holder);
    try {
      return await task((bytes) => this.grow(holder, bytes));
    } finally {
      this.holders.delete(holder);
      this.bytes -= holder.bytes;
      this.proceed();
    }
  }

  private grow(holder: Holder, bytes: number): Promise<void> | undefined {
    holder.bytes += bytes;
    this.bytes += bytes;
    return this.mayGoOn(holder) ? undefined : new Promise((resolve) => { holder.goOn = resolve; });
  }

  private proceed(): void {
    for (const holder of this.holders) if (this.mayGoOn(holder)) holder.goOn?.();
  }

  private mayGoOn(holder: Holder): boolean {
    const [first] = this.holders;
    return holder === first || holder.bytes < this.maxBytes * ASSURED_PART || this.bytes < this.maxBytes;
  }
}
