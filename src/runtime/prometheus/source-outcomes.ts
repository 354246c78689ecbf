import { SourceError } from './source-error';
import { FAILURES, SourceHealth } from './source-health';
import { Clock } from '../clock';
import { Logger } from '../telemetry/logger';
import { Gauge } from '../telemetry/metric-family';
import { MetricRegistry } from '../telemetry/metric-registry';

interface Failing {
  readonly failures: number;
  readonly lastMs: number;
  /** What the log says of it; undefined while it may pass. */
  readonly told?: string;
}

/** Queries that rules make are told apart by the names in them: of so many the log speaks, until they were not asked for a while. */
const MAX_QUESTIONS = 100;
const FORGOTTEN_MS = 600_000;

/**
 * One line when a source begins to fail, fails for another reason, or answers again, and when it begins to fail at a question or answers that; silence in
 * between. One that never answered fails at once.
 */
export class SourceOutcomes {
  private readonly up: Gauge<'source'>;
  private readonly health = new Map<string, SourceHealth>();
  private readonly askedMs = new Map<string, number>();
  private readonly sources = new Map<string, Failing>();
  private readonly questions = new Map<string, Failing>();

  constructor(registry: MetricRegistry, private readonly clock: Pick<Clock, 'monotonic'>, private readonly log: Logger) {
    this.up = registry.gauge({
      name: 'metrics_server_metric_source_up',
      help: '[ALPHA] Whether a source of custom and external metrics that was asked within ten minutes answers; not when it failed three times in a row, or never answered.',
      labelNames: ['source'],
    });
    registry.collect(() => this.leaveOutIdle());
  }

  async observed<T>(source: string, asked: string, ask: () => Promise<T>): Promise<T> {
    const health = this.health.get(source) ?? new SourceHealth();
    this.health.set(source, health);
    const answersBefore = health.answers;
    this.askedMs.set(source, this.clock.monotonic());
    try {
      const answer = await ask();
      health.answered();
      this.answered(source);
      this.questionAnswered(source, asked);
      return answer;
    } catch (error) {
      if (error instanceof SourceError) this.failed(source, asked, error, health.failed(asked, error, answersBefore));
      throw error;
    }
  }

  /** Another configuration has these sources, and asks since `sinceMs`; what nobody asks any longer does not fail either. */
  retain(names: ReadonlySet<string>, sinceMs: number): void {
    for (const source of new Set([...this.health.keys(), ...this.sources.keys()])) {
      if (names.has(source)) continue;
      this.up.remove({ source });
      [this.health, this.sources, this.askedMs].forEach((all) => all.delete(source));
    }
    for (const [key, { lastMs }] of this.questions) if (lastMs < sinceMs) this.questions.delete(key);
  }

  /** Another replica may be asked in place of this one, which knows nothing of the source any longer. */
  private leaveOutIdle(): void {
    for (const [source, atMs] of this.askedMs) {
      if (this.clock.monotonic() - atMs <= FORGOTTEN_MS) continue;
      this.up.remove({ source });
      this.askedMs.delete(source);
    }
  }

  private failed(source: string, asked: string, error: SourceError, sourceFailed: boolean): void {
    if (error.isOfSource) {
      if (sourceFailed) this.sourceFailed(source, error);
      if (!this.sources.get(source)?.told) this.questionFailed(source, asked, error, FAILURES);
      return;
    }
    this.answered(source);
    // A Status of another adapter is passed on to who asked, unless it is we who may not ask.
    if (!error.status || error.reason === 'unauthorized') this.questionFailed(source, asked, error, 1);
  }

  private sourceFailed(source: string, error: SourceError): void {
    const isNews = this.noted(this.sources, source, error, this.health.get(source)?.answers ? FAILURES : 1);
    if (this.sources.get(source)?.told) this.up.set({ source }, 0);
    if (isNews) this.log.warn('Source does not answer', { source, ...outcomeOf(error), sourcesFailing: this.countOf(this.sources) });
  }

  private answered(source: string): void {
    this.up.set({ source }, 1);
    const before = this.sources.get(source);
    this.sources.delete(source);
    if (before?.told) this.log.info('Source answers again', { source, failures: before.failures, sourcesFailing: this.countOf(this.sources) });
  }

  private questionFailed(source: string, asked: string, error: SourceError, enough: number): void {
    const key = keyOf(source, asked);
    if (!this.questions.has(key) && !this.hasRoom()) return;
    if (!this.noted(this.questions, key, error, enough)) return;
    const what = error.isOfSource ? 'Source does not answer a question' : 'Source refuses a question';
    this.log.warn(what, { source, ...outcomeOf(error), questionsRefused: this.countOf(this.questions) });
  }

  private questionAnswered(source: string, asked: string): void {
    const key = keyOf(source, asked);
    const before = this.questions.get(key);
    this.questions.delete(key);
    if (!before?.told) return;
    this.log.info('Source answers the question again', { source, asked, failures: before.failures, questionsRefused: this.countOf(this.questions) });
  }

  /** The one that failed longest ago comes first. */
  private hasRoom(): boolean {
    if (this.questions.size < MAX_QUESTIONS) return true;
    const [[key, { lastMs }]] = this.questions;
    return this.clock.monotonic() - lastMs > FORGOTTEN_MS && this.questions.delete(key);
  }

  /** Whether it is news: it failed `enough` times, and the log does not say why yet. */
  private noted(failing: Map<string, Failing>, key: string, { reason, code }: SourceError, enough: number): boolean {
    const why = `${reason} ${code}`;
    const { failures = 0, told } = failing.get(key) ?? {};
    const isNews = failures + 1 >= enough && told !== why;
    failing.delete(key);
    failing.set(key, { failures: failures + 1, lastMs: this.clock.monotonic(), told: isNews ? why : told });
    return isNews;
  }

  /** Of those that the log tells of. */
  private countOf(failing: ReadonlyMap<string, Failing>): number {
    return Array.from(failing.values()).filter(({ told }) => told).length;
  }
}

function outcomeOf({ reason, code, message }: SourceError): { readonly reason: string; readonly code?: number; readonly err: string } {
  return { reason, ...code !== undefined && { code }, err: message };
}

function keyOf(source: string, asked: string): string {
  return `${source} ${asked}`;
}
