import { AuditBackend } from './backend';
import { AUDIT_VERSION, AuditEvent } from './event';
import { Clock, Random, Stop } from '../../clock';
import { Backoff, pause } from '../../cluster/backoff';

export interface WebhookBackendOptions {
  /** Rejects when the webhook did not take the events. */
  readonly post: (eventList: unknown, signal: AbortSignal) => Promise<void>;
  /** Before the second attempt; half as much again before each further one. */
  readonly initialBackoffMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

/** As k8s.io/apiserver. */
const ATTEMPTS = 5;
const FACTOR = 1.5;
const JITTER = 0.2;

/** When the server ends, what is left has so long. */
const HURRY_MS = 3_000;

/** Sends batches of events, again after failures. */
export class WebhookBackend implements AuditBackend {
  private readonly hurrying = new AbortController();
  private readonly ended = new AbortController();
  private stopTimer?: Stop;

  constructor(private readonly options: WebhookBackendOptions) {}

  async write(events: readonly AuditEvent[]): Promise<void> {
    const { post, initialBackoffMs, clock, random } = this.options;
    const eventList = { kind: 'EventList', apiVersion: AUDIT_VERSION, metadata: {}, items: events };
    const backoff = new Backoff({ initialMs: initialBackoffMs, maxMs: Infinity, factor: FACTOR, jitter: JITTER, random });
    for (let attempt = 1; ; attempt++) {
      try {
        return await post(eventList, this.ended.signal);
      } catch (error) {
        if (attempt === ATTEMPTS || this.hurrying.signal.aborted) throw error;
      }
      await pause(clock, backoff.nextMs(), this.hurrying.signal);
    }
  }

  /** The server ends: one attempt for each batch from now on, and a few seconds for all. */
  hurry(): void {
    this.hurrying.abort();
    this.stopTimer = this.options.clock.after(HURRY_MS, () => this.ended.abort(new Error('the server ends')));
  }

  async close(): Promise<void> {
    this.stopTimer?.();
  }
}
