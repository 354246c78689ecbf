import { AuditBackend } from './backend';
import { AuditEvent } from './event';
import { legacyLine } from './legacy-line';

export interface LineSink {
  /** Rejects when nothing, or not all, was written. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Writes each event as a line. */
export class LogBackend implements AuditBackend {
  constructor(private readonly sink: LineSink, private readonly format: 'json' | 'legacy') {}

  write(events: readonly AuditEvent[]): Promise<void> {
    const lineOf = this.format === 'json' ? (event: AuditEvent) => JSON.stringify(event) : legacyLine;
    return this.sink.write(events.map((event) => `${lineOf(event)}\n`).join(''));
  }

  close(): Promise<void> {
    return this.sink.close();
  }
}
