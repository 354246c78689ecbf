import { SourceError } from './source-error';
import { Clock } from '../clock';
import { Logger } from '../telemetry/logger';
import { Gauge } from '../telemetry/metric-family';
import { MetricRegistry } from '../telemetry/metric-registry';

interface Failing {
  readonly reason: string;
  failures: number;
  lastMs: number;
}

/** Queries that rules make are told apart by the names in them: of so many the log speaks, until they were not asked for a while. */
const MAX_QUESTIONS = 100;
const FORGOTTEN_MS = 600_000;

/**
 * One line when a source begins to fail, fails for another reason, or answers again, and when it begins to refuse a question or answers that; silence in
 * between. A refused question says nothing of the source itself.
 */
export class SourceOutcomes {
  private readonly up: Gauge<'source'>;
  private readonly known = new Set<string>();
  private readonly sources = new Map<string, Failing>();
  private readonly questions = new Map<string, Failing>();

  constructor(registry: MetricRegistry, private readonly clock: Pick<Clock, 'monotonic'>, private readonly log: Logger) {
    this.up = registry.gauge({
      name: 'metrics_server_metric_source_up',
      help: '[ALPHA] Whether a source of custom and external metrics answered when it was last asked.',
      labelNames: ['source'],
    });
  }

  async observed<T>(source: string, asked: string, ask: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      this.answered(source);
      this.questionAnswered(source, asked);
      return answer;
    } catch (error) {
      if (error instanceof SourceError) this.failed(source, asked, error);
      throw error;
    }
  }

  /** Of another configuration, which may have none of these. */
  clear(): void {
    this.known.forEach((source) => this.up.remove({ source }));
    [this.known, this.sources, this.questions].forEach((all) => all.clear());
  }

  private failed(source: string, asked: string, error: SourceError): void {
    if (error.isOfSource) return this.sourceFailed(source, error);
    this.answered(source);
    // A Status of another adapter is passed on to who asked, unless it is we who may not ask.
    if (!error.status || error.reason === 'unauthorized') this.questionRefused(source, asked, error);
  }

  private sourceFailed(source: string, error: SourceError): void {
    this.show(source, 0);
    if (!this.noted(this.sources, source, error)) return;
    this.log.warn('Source does not answer', { source, ...outcomeOf(error), sourcesFailing: this.sources.size });
  }

  private answered(source: string): void {
    this.show(source, 1);
    const before = this.sources.get(source);
    if (!before) return;
    this.sources.delete(source);
    this.log.info('Source answers again', { source, failures: before.failures, sourcesFailing: this.sources.size });
  }

  private questionRefused(source: string, asked: string, error: SourceError): void {
    const key = keyOf(source, asked);
    if (!this.questions.has(key) && !this.hasRoom()) return;
    if (this.noted(this.questions, key, error)) this.log.warn('Source refuses a question', { source, ...outcomeOf(error), questionsRefused: this.questions.size });
  }

  private questionAnswered(source: string, asked: string): void {
    const key = keyOf(source, asked);
    const before = this.questions.get(key);
    if (!before) return;
    this.questions.delete(key);
    this.log.info('Source answers the question again', { source, asked, failures: before.failures, questionsRefused: this.questions.size });
  }

  /** The one that failed longest ago comes first. */
  private hasRoom(): boolean {
    if (this.questions.size < MAX_QUESTIONS) return true;
    const [[key, { lastMs }]] = this.questions;
    return this.clock.monotonic() - lastMs > FORGOTTEN_MS && this.questions.delete(key);
  }

  /** Whether it is news. */
  private noted(failing: Map<string, Failing>, key: string, { reason, code }: SourceError): boolean {
    const why = `${reason} ${code}`;
    const before = failing.get(key);
    failing.delete(key);
    failing.set(key, { reason: why, failures: (before?.failures ?? 0) + 1, lastMs: this.clock.monotonic() });
    return before?.reason !== why;
  }

  private show(source: string, up: 0 | 1): void {
    this.known.add(source);
    this.up.set({ source }, up);
  }
}

function outcomeOf({ reason, code, message }: SourceError): { readonly reason: string; readonly code?: number; readonly err: string } {
  return { reason, ...code !== undefined && { code }, err: message };
}

function keyOf(source: string, asked: string): string {
  return `${source} ${asked}`;
}
