import { Clock } from '../clock';

const INTERVAL_MS = 60_000;
const MAX_TEXTS = 100;

/** Lets a message through once a minute, so that clients that keep failing do not fill the log. */
export class RecurringLog {
  private readonly lastMs = new Map<string, number>();

  constructor(private readonly clock: Clock, private readonly write: (text: string) => void) {}

  log(text: string): void {
    const nowMs = this.clock.monotonic();
    if (nowMs - (this.lastMs.get(text) ?? -Infinity) < INTERVAL_MS) return;
    if (this.lastMs.size >= MAX_TEXTS) this.lastMs.clear();
    this.lastMs.set(text, nowMs);
    this.write(text);
  }
}
