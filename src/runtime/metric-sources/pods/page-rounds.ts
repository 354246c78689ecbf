import { setMaxListeners } from 'events';
import { PageValues, readPage } from './page-reading';
import { PodPages } from './pod-pages';
import { PodTurns } from './pod-turns';
import { RoundBudget, RoundBudgetError } from './round-budget';
import { RunningPod } from './running-pods';
import { Chosen } from './series-reader';
import { PageSeries } from './text-format';
import { Clock } from '../../clock';
import { withDeadline } from '../../cluster/deadline';
import { SharedQueries } from '../../cluster/shared-queries';
import { ByteRoom, MAX_HELD_BYTES } from '../../prometheus/byte-room';
import { SourceMetrics } from '../../prometheus/measured-prometheus';
import { SourceError } from '../../prometheus/source-error';
import { SourceHttp } from '../../prometheus/source-http';
import { ScrapeQueue } from '../../scrape/scrape-queue';

export interface PageRoundsOptions {
  readonly pages: Pick<PodPages, 'url' | 'access' | 'urlOf'>;
  readonly pods: (signal: AbortSignal) => Promise<readonly RunningPod[]>;
  readonly refreshMs: number;
  readonly http: SourceHttp;
  /** For pages that are held, of all rounds. */
  readonly room: ByteRoom;
  readonly sourceMetrics: SourceMetrics;
  readonly clock: Clock;
}

/** A metric that is made of the pages. */
export interface PageReader {
  /** As messages and self-metrics call it. */
  readonly source: string;
  readonly values: PageValues;
}

/** What the page of one pod has for a metric, or why it has nothing. */
export interface PageAnswer {
  readonly pod: RunningPod;
  /** `GET http://10.0.0.7:8080/metrics` */
  readonly asked: string;
  /** When it was read, by the clock that nobody sets. */
  readonly readMs: number;
  readonly found: readonly PageSeries[] | SourceError;
}

export interface PageRound {
  /** Unix time of its beginning. */
  readonly timeMs: number;
  readonly answers: readonly PageAnswer[];
}

interface Membership {
  wantedMs: number;
  /** What the latest round has for it, until it is taken. */
  ready?: { readonly startedMs: number; readonly outcome: PageRound | Error };
}

/**
 * Pods that are asked at the same time, those that let us wait for half a second not counted; and those with them, of each of which 64 KiB of
 * lines or 128 of JSON may be there before the rest of its page.
 */
const QUEUE = { maxInFlight: 16, slowAfterMs: 500, maxRunning: MAX_HELD_BYTES / (64 * 1024), maxPerMs: () => Infinity };
/** A metric that was not asked for as long, in intervals, has rounds no longer read for it. */
const WANTED_INTERVALS = 2.5;

/**
 * The same page of the same pods, for all metrics that are made of it: in each interval whoever comes first has the pods asked, and what the others want is read
 * from the same answers. Nobody is given a page twice.
 */
export class PageRounds {
  private readonly members = new Map<PageReader, Membership>();
  private readonly rounds = new SharedQueries<void>();
  private readonly turns = new PodTurns();

  constructor(private readonly options: PageRoundsOptions) {}

  join(reader: PageReader): void {
    this.members.set(reader, { wantedMs: -Infinity });
  }

  /** A round that the metric has not seen. @throws SourceError, RoundBudgetError, or the signal's reason */
  async next(reader: PageReader, signal: AbortSignal): Promise<PageRound> {
    const { clock, refreshMs } = this.options;
    const member = this.members.get(reader)!;
    const nowMs = member.wantedMs = clock.monotonic();
    if (member.ready && nowMs - member.ready.startedMs >= refreshMs) member.ready = undefined;
    // A round under way may be one that began without this metric.
    while (!member.ready) await this.rounds.run('', signal, (shared) => this.round(shared));
    const { outcome } = member.ready;
    member.ready = undefined;
    return succeeded(outcome);
  }

  /** A round for one alone, of which nobody else hears. */
  async look(reader: PageReader, timeMs: number, signal: AbortSignal): Promise<PageRound> {
    const taking = new Taking(reader);
    await this.visit(await this.options.pods(signal), [taking], signal);
    return succeeded(taking.outcome(timeMs));
  }

  /** Ends all connections and what runs on them. */
  close(): void {
    this.options.http.close();
  }

  private async round(signal: AbortSignal): Promise<void> {
    const { clock, refreshMs, pods } = this.options;
    const [timeMs, startedMs] = [clock.now(), clock.monotonic()];
    const listed = await pods(signal).catch((error: Error) => error);
    const wanted = [...this.members].filter(([, { wantedMs }]) => startedMs - wantedMs <= WANTED_INTERVALS * refreshMs);
    const takings = wanted.map(([reader]) => new Taking(reader));
    if (!(listed instanceof Error)) await this.visit(listed, takings, signal);
    signal.throwIfAborted();
    wanted.forEach(([, member], index) => {
      member.ready = { startedMs, outcome: listed instanceof Error ? listed : takings[index].outcome(timeMs) };
    });
  }

  /** All pods, or those that answer in time: pods that hang do not hold the others up. */
  private async visit(pods: readonly RunningPod[], takings: readonly Taking[], signal: AbortSignal): Promise<void> {
    const { clock, refreshMs, pages } = this.options;
    // Whose it is, each metric says itself.
    const late = () => new SourceError('pods', 'timeout', `not all pods were asked in ${refreshMs / 1000} s`, `GET ${pages.url.href}`);
    await withDeadline(clock, refreshMs, late, signal, async (deadline) => {
      setMaxListeners(0, deadline);
      const queue = new ScrapeQueue<RunningPod>({ clock, ...QUEUE }, (pod) => this.ask(pod, takings, deadline));
      for (const pod of this.turns.order(pods)) queue.push(pod, true);
      await queue.idle();
    });
    signal.throwIfAborted();
  }

  private async ask(pod: RunningPod, takings: readonly Taking[], signal: AbortSignal): Promise<void> {
    const { clock, http, pages, room, sourceMetrics } = this.options;
    const url = pages.urlOf(pod);
    const asked = `GET ${url.href}`;
    const open = takings.filter(({ isOpen }) => isOpen);
    if (open.length === 0) return;
    const read = async () => {
      const askedMs = clock.monotonic();
      const answer = await sourceMetrics.measured(open.map(({ source }) => source), () => http.request({
        path: `${url.pathname}${url.search}`, url: new URL(url.origin), asked, timeoutMs: pages.access.timeoutMs, signal,
      }, (response, suspend) => readPage(response, suspend, open, room))).catch((error: Error) => error);
      this.turns.note(pod, { askedMs, failed: answer instanceof SourceError });
      return answer;
    };
    const told = signal.aborted ? signal.reason as Error : await read();
    open.forEach((taking, index) => taking.take(pod, asked, clock.monotonic(), told instanceof Error ? told : told[index]));
  }
}

function succeeded(outcome: PageRound | Error): PageRound {
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

/** What one metric takes of a round. */
class Taking {
  readonly source: string;
  readonly values: PageValues;
  readonly budget = new RoundBudget();
  private readonly answers: PageAnswer[] = [];
  private failure: RoundBudgetError | undefined;

  constructor({ source, values }: PageReader) {
    this.source = source;
    this.values = values;
  }

  /** Whether it takes any more. */
  get isOpen(): boolean {
    return this.failure === undefined;
  }

  take(pod: RunningPod, asked: string, readMs: number, chosen: Chosen): void {
    if (chosen instanceof RoundBudgetError) this.failure = chosen;
    else this.answers.push({ pod, asked, readMs, found: chosen instanceof Error ? this.failureOf(chosen, asked) : chosen });
  }

  outcome(timeMs: number): PageRound | Error {
    return this.failure ?? { timeMs, answers: this.answers };
  }

  private failureOf(error: Error, asked: string): SourceError {
    if (error instanceof SourceError) return new SourceError(this.source, error.reason, error.problem, asked, error.code);
    return new SourceError(this.source, 'answer', error.message, asked);
  }
}
