import { Clock } from './clock';

/** Autoscalers ask in bunches, and people now and then. */
const RECENT_MS = 2_000;

/** Whether somebody asks for metrics: then what can wait should not keep the next request waiting. */
export class Demand {
  private lastMs = -Infinity;

  constructor(private readonly clock: Clock) {}

  note(): void {
    this.lastMs = this.clock.monotonic();
  }

  get isRecent(): boolean {
    return this.clock.monotonic() - this.lastMs <= RECENT_MS;
  }
}
