import { AuditBackend } from './backend';
import { AuditEvent } from './event';

export interface TruncationLimits {
  readonly maxEventBytes: number;
  readonly maxBatchBytes: number;
}

const TRUNCATED = { 'audit.k8s.io/truncated': 'true' };

/** Keeps events and batches small: an event that is too large loses its response, or is lost; a batch is split. */
export class Truncation implements AuditBackend {
  constructor(private readonly next: AuditBackend, private readonly limits: TruncationLimits) {}

  async write(events: readonly AuditEvent[]): Promise<void> {
    const fitting = events.map((event) => this.fitting(event)).filter((event) => event !== undefined);
    for (const batch of this.batches(fitting)) await this.next.write(batch);
    const lost = events.length - fitting.length;
    if (lost > 0) throw new Error(`${lost} audit events are too large even without their responses`);
  }

  close(): Promise<void> {
    return this.next.close();
  }

  private fitting(event: AuditEvent): AuditEvent | undefined {
    const { maxEventBytes } = this.limits;
    if (bytesOf(event) <= maxEventBytes) return event;
    const { responseObject, ...rest } = event;
    if (responseObject === undefined) return undefined;
    const truncated = { ...rest, annotations: { ...TRUNCATED, ...rest.annotations } };
    return bytesOf(truncated) <= maxEventBytes ? truncated : undefined;
  }

  private batches(events: readonly AuditEvent[]): AuditEvent[][] {
    const batches: AuditEvent[][] = [];
    let batchBytes = Infinity;
    for (const event of events) {
      const bytes = bytesOf(event);
      if (batchBytes + bytes > this.limits.maxBatchBytes) {
        batches.push([]);
        batchBytes = 0;
      }
      batches[batches.length - 1].push(event);
      batchBytes += bytes;
    }
    return batches;
  }
}

function bytesOf(event: AuditEvent): number {
  return Buffer.byteLength(JSON.stringify(event));
}
