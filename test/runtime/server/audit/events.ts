import { AuditBackend } from '../../../../src/runtime/server/audit/backend';
import { AuditEvent } from '../../../../src/runtime/server/audit/event';

export function auditEvent(overrides: Partial<AuditEvent> = {}): AuditEvent {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'id',
    stage: 'ResponseComplete',
    requestURI: '/apis',
    verb: 'get',
    user: { username: 'alice', groups: ['devs', 'a"b'] },
    requestReceivedTimestamp: '2026-01-01T00:00:00.120000Z',
    stageTimestamp: '2026-01-01T00:00:00.130000Z',
    ...overrides,
  };
}

/** Keeps the batches that it is given. */
export class RecordingBackend implements AuditBackend {
  readonly batches: (readonly AuditEvent[])[] = [];
  failure: Error | undefined;
  closed = false;
  /** Writes so far, finished or not. */
  begun = 0;
  private paused: Promise<void> = Promise.resolve();

  /** Keeps writes from finishing until it is called. */
  pause(): () => void {
    let end = () => {};
    this.paused = new Promise((resolve) => { end = resolve; });
    return end;
  }

  async write(events: readonly AuditEvent[]): Promise<void> {
    this.begun++;
    await this.paused;
    if (this.failure) throw this.failure;
    this.batches.push(events);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
