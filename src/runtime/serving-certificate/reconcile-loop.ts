import { Clock, Random, Stop } from '../clock';
import { Backoff } from '../cluster/backoff';
import { Logger } from '../telemetry/logger';

/**
 * Brings one thing into the wanted state, one attempt at a time. Triggers during an attempt cause one more;
 * a failed attempt is repeated with back-off and logged once, until the reason changes.
 */
export class ReconcileLoop {
  private running = false;
  private again = false;
  private stopped = false;
  private retry: Stop | undefined;
  private lastFailure: string | undefined;
  private readonly backoff: Backoff;

  constructor(private readonly options: {
    readonly what: string;
    readonly reconcile: () => Promise<void>;
    readonly clock: Clock;
    readonly random: Random;
    readonly logger: Logger;
  }) {
    this.backoff = new Backoff({ initialMs: 500, maxMs: 30_000, random: options.random });
  }

  public trigger(): void {
    if (this.stopped) {
      return;
    }
    if (this.running) {
      this.again = true;
      return;
    }
    this.retry?.();
    this.running = true;
    void this.attempt();
  }

  public stop(): void {
    this.stopped = true;
    this.retry?.();
  }

  private async attempt(): Promise<void> {
    try {
      await this.options.reconcile();
      this.backoff.reset();
      if (this.lastFailure !== undefined) {
        this.lastFailure = undefined;
        this.options.logger.info(`${this.options.what}: done after earlier failures`);
      }
    } catch (error) {
      const reason = (error as Error).message;
      if (reason !== this.lastFailure) {
        this.lastFailure = reason;
        this.options.logger.warn(`${this.options.what}: will be tried again`, { reason });
      }
      this.retry = this.options.clock.after(this.backoff.nextMs(), () => this.trigger());
    } finally {
      this.running = false;
    }
    if (this.again) {
      this.again = false;
      this.trigger();
    }
  }
}
