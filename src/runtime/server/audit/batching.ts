import { AuditBackend } from './backend';
import { AuditEvent } from './event';
import { Clock, Stop } from '../../clock';
import { Rate, TokenBucket } from '../../token-bucket';

export interface BatchingOptions {
  /** Events that may wait; more are lost. */
  readonly bufferSize: number;
  readonly maxBatchSize: number;
  /** The longest that an event waits for others. */
  readonly maxWaitMs: number;
  /** Of batches. @default as many as there are */
  readonly throttle?: Rate;
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
  private closed = false;
  private readonly permits: TokenBucket | undefined;

  constructor(private readonly next: AuditBackend, private readonly options: BatchingOptions) {
    this.permits = options.throttle && new TokenBucket(options.clock, options.throttle);
  }

  async write(events: readonly AuditEvent[]): Promise<void> {
    if (this.closed) throw new Error('the server has ended');
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
    this.closed = true;
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
    const pauseMs = this.permits?.take() ?? 0;
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
}
