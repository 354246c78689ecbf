import { abortable } from '../../cluster/deadline';

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

/** Room for what is in memory at the same time. Who finds too little waits for its turn. */
export class ByteRoom {
  private readonly waiting: Waiting[] = [];

  constructor(private freeBytes: number) {}

  /** Takes no more than there is room for at all. */
  async run<T>(bytes: number, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    await this.turn(bytes, signal);
    try {
      return await task();
    } finally {
      this.freeBytes += bytes;
      this.proceed();
    }
  }

  private async turn(bytes: number, signal: AbortSignal): Promise<void> {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => { begin = resolve; });
    const entry = { bytes, begin };
    this.waiting.push(entry);
    this.proceed();
    try {
      await abortable(begun, signal);
    } catch (error) {
      const index = this.waiting.indexOf(entry);
      if (index >= 0) this.waiting.splice(index, 1);
      else this.freeBytes += bytes;
      this.proceed();
      throw error;
    }
  }

  private proceed(): void {
    while (this.waiting.length > 0 && this.waiting[0].bytes <= this.freeBytes) {
      const { bytes, begin } = this.waiting.shift()!;
      this.freeBytes -= bytes;
      begin();
    }
  }
}
