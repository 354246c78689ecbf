import { CustomSeriesRegistry, DiscoveredSeries, ExternalSeriesRegistry } from './series-registry';
import { SeriesShape, SeriesShapes } from './series-shape';
import { Clock, Stop } from '../../clock';
import { pause } from '../../cluster/backoff';
import { SourceUnavailableError } from '../../custom-metrics/metric-errors';
import { ClusterObjects } from '../../custom-metrics/objects';
import { Sources } from '../../prometheus/sources';
import { Logger } from '../../telemetry/logger';
import { DiscoveryRule } from '../configuration/discovery-rule';

export interface SeriesDiscoveryOptions {
  readonly rules: readonly DiscoveryRule[];
  readonly externalRules: readonly DiscoveryRule[];
  readonly sources: Sources;
  readonly objects: ClusterObjects;
  readonly clock: Clock;
  readonly log: Logger;
  /** From one discovery to the next. */
  readonly relistIntervalMs: number;
  /** Series without a sample for so long are left out. */
  readonly maxAgeMs: number;
}

/** Until there is a first answer, asking again costs little. */
const RETRY_MS = 5_000;

/**
 * Finds out, from time to time, which metrics the rules make of the series in Prometheus. A query that fails leaves what it
 * found before; others go on.
 */
export class SeriesDiscovery {
  custom = CustomSeriesRegistry.empty;
  external = ExternalSeriesRegistry.empty;
  /** By source and `seriesQuery`: rules that ask the same share an answer. */
  private readonly shapes = new Map<string, readonly SeriesShape[]>();
  private readonly failures = new Map<string, string>();

  /** Resolves when everything has been looked for once, successfully or not. */
  readonly first: Promise<void>;
  private readonly ended: () => void;

  constructor(private readonly options: SeriesDiscoveryOptions) {
    let ended!: () => void;
    this.first = new Promise((resolve) => { ended = resolve; });
    this.ended = ended;
  }

  /** Without rules there is nothing to look for. */
  start(): Stop {
    const controller = new AbortController();
    const { rules, externalRules } = this.options;
    if (rules.length + externalRules.length > 0) void this.run(controller.signal);
    else this.ended();
    return () => controller.abort();
  }

  /** One discovery. */
  async update(signal: AbortSignal): Promise<void> {
    const { rules, externalRules, objects } = this.options;
    const queries = new Map([...rules, ...externalRules].map((rule) => [keyOf(rule), rule]));
    await Promise.all(Array.from(queries, ([key, rule]) => this.list(key, rule, signal)));
    signal.throwIfAborted();
    const custom = await CustomSeriesRegistry.of(this.discovered(rules), objects, signal);
    const external = ExternalSeriesRegistry.of(this.discovered(externalRules), objects);
    // The same lists as before stand for no change.
    this.custom = custom.keeping(this.custom);
    this.external = external.keeping(this.external);
  }

  /** @throws SourceUnavailableError while something was never found out: a metric that is not known may exist all the same */
  assertComplete(): void {
    const { rules, externalRules } = this.options;
    const missing = [...rules, ...externalRules].map(keyOf).find((key) => !this.shapes.has(key));
    if (missing === undefined) return;
    throw new SourceUnavailableError(`metrics are not discovered yet: ${this.failures.get(missing) ?? 'Prometheus has not answered so far'}`);
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { clock, relistIntervalMs, log } = this.options;
    while (!signal.aborted) {
      await this.update(signal).catch((error: Error) => {
        if (!signal.aborted) log.error('metrics cannot be discovered', { err: error.message });
      });
      this.ended();
      const delayMs = this.failures.size > 0 ? Math.min(RETRY_MS, relistIntervalMs) : relistIntervalMs;
      await pause(clock, delayMs, signal);
    }
  }

  private async list(key: string, { seriesQuery, source }: DiscoveryRule, signal: AbortSignal): Promise<void> {
    const { sources, clock, maxAgeMs } = this.options;
    const shapes = new SeriesShapes();
    try {
      await sources.get(source).series(seriesQuery, clock.now() - maxAgeMs, (series) => shapes.add(series), signal);
      this.shapes.set(key, shapes.all);
      this.failures.delete(key);
    } catch (error) {
      if (signal.aborted) return;
      this.failures.set(key, (error as Error).message);
    }
  }

  private discovered(rules: readonly DiscoveryRule[]): readonly DiscoveredSeries[] {
    return rules.map((rule) => ({ rule, shapes: this.shapes.get(keyOf(rule)) ?? [] }));
  }
}

function keyOf({ source = '', seriesQuery }: DiscoveryRule): string {
  return `${source} ${seriesQuery}`;
}
