import { AuditBackend } from './backend';
import { AuditEvent } from './event';
import { Clock, Stop } from '../../clock';

export interface BatchingOptions {
  /** Events that may wait; more are lost. */
  readonly bufferSize: number;
  readonly maxBatchSize: number;
  /** The longest that an event waits for others. */
  readonly maxWaitMs: number;
  /** Batches per second, and how many may go at once after a pause. @default as many as there are */
  readonly throttle?: { readonly perSecond: number; readonly burst: number };
  readonly clock: Clock;
  /** Of a batch that did not arrive. */
  readonly onLost: (error: unknown) => void;
}

/** Lets requests go on while events are written, one batch after the other. */
export class Batching implements AuditBackend {
  private queue: AuditEvent[] = [];
  private writing: Promise<void> | undefined;
  private stopWaiting: Stop | undefined;
  private closing = false;
  private permits: number;
  private permitsMs: number;

  constructor(private readonly next: AuditBackend, private readonly options: BatchingOptions) {
    this.permits = options.throttle?.burst ?? 0;
    this.permitsMs = options.clock.monotonic();
  }

  async write(events: readonly AuditEvent[]): Promise<void> {
    const free = this.options.bufferSize - this.queue.length;
    this.queue.push(...events.slice(0, free));
    this.proceed();
    if (events.length > free) throw new Error(`the buffer of ${this.options.bufferSize} audit events is full`);
  }

  /** Writes what waits, without pauses. */
  async close(): Promise<void> {
    this.closing = true;
    this.stopWaiting?.();
    this.stopWaiting = undefined;
    await this.writing;
    while (this.queue.length > 0) await this.writeBatch();
    await this.next.close();
  }

  private proceed(): void {
    if (this.writing || this.closing || this.queue.length === 0) return;
    const { maxBatchSize, maxWaitMs } = this.options;
    if (this.queue.length < maxBatchSize) return this.wait(maxWaitMs);
    this.stopWaiting?.();
    this.stopWaiting = undefined;
    this.send();
  }

  /** Unless a batch waits already. */
  private wait(ms: number): void {
    this.stopWaiting ??= this.options.clock.after(ms, () => {
      this.stopWaiting = undefined;
      this.send();
    });
  }

  private send(): void {
    const pauseMs = this.pauseMs();
    if (pauseMs > 0) return this.wait(pauseMs);
    this.writing = this.writeBatch().finally(() => {
      this.writing = undefined;
      this.proceed();
    });
  }

  private async writeBatch(): Promise<void> {
    const batch = this.queue.splice(0, this.options.maxBatchSize);
    try {
      await this.next.write(batch);
    } catch (error) {
      this.options.onLost(error);
    }
  }

  /** Takes a permit, or says how long until there is one. */
  private pauseMs(): number {
    const { clock, throttle } = this.options;
    if (!throttle) return 0;
    const nowMs = clock.monotonic();
    this.permits = Math.min(throttle.burst, this.permits + (nowMs - this.permitsMs) / 1000 * throttle.perSecond);
    this.permitsMs = nowMs;
    if (this.permits < 1) return (1 - this.permits) / throttle.perSecond * 1000;
    this.permits--;
    return 0;
  }
}
