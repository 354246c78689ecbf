import { Clock, Random } from '../clock';

export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** @default 2 */
  readonly factor?: number;
  /** Part of each delay that chance takes away, so that replicas do not come back together. @default 0.5 */
  readonly jitter?: number;
  readonly random: Random;
}

/** Delays that grow with each failure in a row. */
export class Backoff {
  private failures = 0;

  constructor(private readonly options: BackoffOptions) {}

  /** How long to wait after one more failure. */
  nextMs(): number {
    const { initialMs, maxMs, factor = 2, jitter = 0.5, random } = this.options;
    const delayMs = Math.min(maxMs, initialMs * factor ** this.failures++);
    return delayMs * (1 - jitter * random());
  }

  /** Call after a success. */
  reset(): void {
    this.failures = 0;
  }
}

/** Resolves after `delayMs`, or at once when the signal aborts: the caller looks at the signal. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = clock.after(delayMs, end);
    signal.addEventListener('abort', end);
  });
}
