import { AuditEvent } from './event';

/** Where events go: a file, a webhook, or what stands before one. */
export interface AuditBackend {
  /** Rejects when events are lost. */
  write(events: readonly AuditEvent[]): Promise<void>;
  /** Resolves when what was written has arrived or is given up. */
  close(): Promise<void>;
}
