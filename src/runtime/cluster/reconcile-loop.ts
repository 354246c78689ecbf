import { Feature } from '../../_facts/rights';
import { Clock, Random, Stop } from '../clock';
import { ApiError } from './api-error';
import { Backoff } from './backoff';
import { missingRight } from './missing-right';
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
    /** What is off when the right to write is missing. */
    readonly feature?: Feature;
    readonly reconcile: () => Promise<void>;
    readonly clock: Clock;
    readonly random: Random;
    readonly logger: Logger;
  }) {
    this.backoff = new Backoff({ initialMs: 500, maxMs: 30_000, random: options.random });
  }

  /** Why the last attempt failed. */
  public get failure(): string | undefined {
    return this.lastFailure;
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
      if (this.stopped) {
        return;
      }
      this.report(error as Error);
      this.retry = this.options.clock.after(this.backoff.nextMs(), () => this.trigger());
    } finally {
      this.running = false;
    }
    if (this.again) {
      this.again = false;
      this.trigger();
    }
  }

  private report(error: Error): void {
    const { feature, what, logger } = this.options;
    if (error instanceof ApiError && error.code === 409) {
      // A replica, or whoever else writes the object, was faster: the watch brings what it wrote.
      logger.verbose(2, `${what}: changed meanwhile, will be tried again`);
    } else if (error.message !== this.lastFailure) {
      this.lastFailure = error.message;
      logger.warn(`${what}: will be tried again`, { reason: error.message, ...missingRight(error, feature) });
    }
  }
}
