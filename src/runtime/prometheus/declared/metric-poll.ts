import { Clock, Random, Stop } from '../../clock';
import { abortable } from '../../cluster/deadline';
import { Sample } from '../samples';

export interface MetricPollOptions {
  readonly refreshMs: number;
  readonly maxAgeMs: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Fails with what is to be told to who asks. */
  readonly ask: (timeMs: number, signal: AbortSignal) => Promise<readonly Sample[]>;
}

/** What a query gave, and when it was asked. */
export interface PolledSamples {
  readonly samples: readonly Sample[];
  readonly askedMs: number;
}

/** Of what is polled because somebody wants to know it. */
export interface PollFreshness {
  /** Of the latest values; infinite when there were never any. */
  readonly ageMs: number;
  /** Whether it is too old to be served, or was never there. */
  readonly isStale: boolean;
}

/** Nobody has asked for so many rounds: an autoscaler asks every 15 seconds, and kube-controller-manager may be changing its leader. */
const IDLE_ROUNDS = 4;
const MIN_IDLE_MS = 180_000;
/** Part of the interval by which rounds differ, so that metrics do not come all at once. */
const JITTER = 0.1;

/**
 * One query of one metric, asked again and again while somebody wants to know, for all who do. Whoever asks gets the latest answer at
 * once; only the first one after a while waits for it.
 */
export class MetricPoll {
  private latest: PolledSamples | undefined;
  private failure: Error | undefined;
  private inFlight: Promise<void> | undefined;
  /** Whether a round has ended since the rounds began. */
  private settled = false;
  private wantedMs = -Infinity;
  private controller: AbortController | undefined;
  private stopTimer: Stop | undefined;
  private retired = false;

  constructor(private readonly options: MetricPollOptions) {}

  /**
   * @throws Error why there is no answer that is young enough
   */
  async samples(signal: AbortSignal): Promise<PolledSamples> {
    const { clock, refreshMs } = this.options;
    this.wantedMs = clock.monotonic();
    if (!this.controller) this.start();
    if (this.inFlight && !this.settled && this.ageMs() > 2 * refreshMs) await abortable(this.inFlight, signal);
    if (this.latest && this.ageMs() <= this.options.maxAgeMs) return this.latest;
    throw this.failure ?? new Error('there is no answer yet');
  }

  /** Undefined while nobody wants to know. */
  get freshness(): PollFreshness | undefined {
    if (!this.controller) return undefined;
    return { ageMs: this.ageMs(), isStale: this.settled && this.ageMs() > this.options.maxAgeMs };
  }

  /** Begins no round by itself any longer; whoever still asks gets the latest answer, or that of one round. */
  retire(): void {
    this.retired = true;
    this.stopTimer?.();
  }

  stop(): void {
    this.controller?.abort();
    this.controller = undefined;
    this.stopTimer?.();
  }

  private start(): void {
    this.controller = new AbortController();
    this.settled = false;
    this.round(this.controller.signal);
  }

  private round(signal: AbortSignal): void {
    const { clock, refreshMs, random } = this.options;
    const startedMs = clock.monotonic();
    this.inFlight = this.poll(signal).finally(() => {
      this.inFlight = undefined;
      this.settled = true;
      if (signal.aborted || this.retired) return;
      const intervalMs = refreshMs * (1 + JITTER * (2 * random() - 1));
      this.stopTimer = clock.after(Math.max(0, intervalMs - (clock.monotonic() - startedMs)), () => this.next(signal));
    });
  }

  private next(signal: AbortSignal): void {
    const { clock, refreshMs } = this.options;
    if (clock.monotonic() - this.wantedMs > Math.max(MIN_IDLE_MS, IDLE_ROUNDS * refreshMs)) this.controller = undefined;
    else this.round(signal);
  }

  /** Never fails. */
  private async poll(signal: AbortSignal): Promise<void> {
    const askedMs = this.options.clock.now();
    try {
      this.latest = { samples: await this.options.ask(askedMs, signal), askedMs };
      this.failure = undefined;
    } catch (error) {
      this.failure = error as Error;
    }
  }

  private ageMs(): number {
    return this.latest ? this.options.clock.now() - this.latest.askedMs : Infinity;
  }
}
