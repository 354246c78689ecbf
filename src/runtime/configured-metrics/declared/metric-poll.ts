import { Clock, Random, Stop } from '../../clock';
import { abortable } from '../../cluster/deadline';
import { Asked, failureOf } from '../../metric-sources/sample-source';
import { Sample } from '../../prometheus/samples';
import { SourceError } from '../../prometheus/source-error';

export interface MetricPollOptions {
  readonly refreshMs: number;
  readonly maxAgeMs: number;
  readonly clock: Clock;
  readonly random: Random;
  /** For messages. */
  readonly source: Asked;
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
  /** When the latest was asked, by the clock that nobody sets. */
  private latestMs = -Infinity;
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
    const { clock, maxAgeMs } = this.options;
    this.wantedMs = clock.monotonic();
    if (!this.controller) this.start();
    if (this.inFlight && this.isWorthWaiting()) await abortable(this.inFlight, signal);
    if (this.latest && this.ageMs() <= maxAgeMs) return this.latest;
    throw this.failure ?? this.tooOld();
  }

  /** Undefined while nobody wants to know. */
  get freshness(): PollFreshness | undefined {
    if (!this.controller) return undefined;
    return { ageMs: this.ageMs(), isStale: this.settled && this.ageMs() > this.options.maxAgeMs };
  }

  /** Begins with the latest answer to the same question. */
  continueFrom({ latest, latestMs }: MetricPoll): void {
    if (latestMs <= this.latestMs) return;
    this.latest = latest;
    this.latestMs = latestMs;
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

  /** Why the last round failed is told at once, instead of after one more. */
  private isWorthWaiting(): boolean {
    const { refreshMs, maxAgeMs } = this.options;
    if (!this.settled) return this.ageMs() > Math.min(maxAgeMs, 2 * refreshMs);
    return this.ageMs() > maxAgeMs && this.failure === undefined;
  }

  private tooOld(): SourceError {
    const { maxAgeMs, source } = this.options;
    const why = this.latest ? `the latest answer is ${Math.round(this.ageMs() / 1000)} s old, which is more than maxAge, ${maxAgeMs / 1000} s` : 'there is no answer yet';
    return failureOf(source, 'timeout', why);
  }

  private start(): void {
    this.controller = new AbortController();
    this.settled = false;
    this.round(this.controller.signal);
  }

  private round(signal: AbortSignal): void {
    const { clock, refreshMs, maxAgeMs, random } = this.options;
    const startedMs = clock.monotonic();
    this.inFlight = this.poll(signal).finally(() => {
      this.inFlight = undefined;
      this.settled = true;
      if (signal.aborted || this.retired) return;
      // Once the latest is too old, whoever asks finds a round in flight.
      const intervalMs = Math.min(maxAgeMs, refreshMs * (1 + JITTER * (2 * random() - 1)));
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
    const { clock, ask } = this.options;
    const [askedMs, startedMs] = [clock.now(), clock.monotonic()];
    try {
      this.latest = { samples: await ask(askedMs, signal), askedMs };
      this.latestMs = startedMs;
      this.failure = undefined;
    } catch (error) {
      this.failure = error as Error;
    }
  }

  private ageMs(): number {
    return this.options.clock.monotonic() - this.latestMs;
  }
}
