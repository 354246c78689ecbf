import { customSeries, CustomSeriesMap, CustomSeriesRegistry, DiscoveredSeries, ExternalSeriesRegistry } from './series-registry';
import { SeriesShape, SeriesShapes } from './series-shape';
import { Clock, Stop } from '../../clock';
import { pause } from '../../cluster/backoff';
import { KUBERNETES, SourceUnavailableError } from '../../custom-metrics/metric-errors';
import { ClusterObjects } from '../../custom-metrics/objects';
import { asQuery, SourceError } from '../../prometheus/source-error';
import { Sources } from '../../prometheus/sources';
import { Logger } from '../../telemetry/logger';
import { DiscoveryRule } from '../configuration/discovery-rule';

export interface SeriesDiscoveryOptions {
  readonly rules: readonly DiscoveryRule[];
  readonly externalRules: readonly DiscoveryRule[];
  readonly sources: Sources;
  /** What the configuration says of a source, by its name: the same for the same source of two configurations. */
  readonly sourceSaid: (name: string | undefined) => string;
  /** Of a configuration that this one takes over from: what it found stands until it is found anew. */
  readonly before?: SeriesDiscovery;
  readonly objects: ClusterObjects;
  readonly clock: Clock;
  readonly log: Logger;
  /** From one discovery to the next. */
  readonly relistIntervalMs: number;
  /** Series without a sample for so long are left out. */
  readonly maxAgeMs: number;
}

/** Only what failed is asked for again so soon. */
const RETRY_MS = 5_000;

/**
 * Finds out, from time to time, which metrics the rules make of the series in Prometheus, and of which resources of the cluster. What
 * fails leaves what it found before; others go on.
 */
export class SeriesDiscovery {
  custom = CustomSeriesRegistry.empty;
  external = ExternalSeriesRegistry.empty;
  /** Source and `seriesQuery` of each rule: those that ask the same share an answer. */
  private readonly keys: ReadonlyMap<DiscoveryRule, string>;
  private readonly shapes = new Map<string, readonly SeriesShape[]>();
  private readonly customSeries = new Map<DiscoveryRule, CustomSeriesMap>();
  /** Why Prometheus did not say which series a query has, or the API server which resources those of a rule are of. */
  private readonly failures = new Map<string | DiscoveryRule, string>();

  /** Resolves when a discovery has found everything. */
  readonly complete: Promise<void>;
  private readonly completed: () => void;

  constructor(private readonly options: SeriesDiscoveryOptions) {
    let completed!: () => void;
    this.complete = new Promise((resolve) => { completed = resolve; });
    this.completed = completed;
    const { rules, externalRules, sourceSaid, before } = options;
    this.keys = new Map([...rules, ...externalRules].map((rule) => [rule, `${sourceSaid(rule.source)} ${rule.seriesQuery}`]));
    for (const key of this.keys.values()) {
      const known = before?.shapes.get(key);
      if (known) this.shapes.set(key, known);
    }
  }

  /** Without rules there is nothing to look for. */
  start(): Stop {
    const controller = new AbortController();
    if (this.keys.size > 0) void this.run(controller.signal);
    else this.completed();
    return () => controller.abort();
  }

  /** One discovery: of everything, or of what failed in the one before. The same lists as before stand for no change. */
  async update(signal: AbortSignal, again = false): Promise<void> {
    const queries = new Map(Array.from(this.keys, ([rule, key]) => [key, rule]));
    const asked = [...queries].filter(([key]) => !again || this.failures.has(key));
    await Promise.all(asked.map(([key, rule]) => this.list(key, rule, signal)));
    signal.throwIfAborted();
    await this.register(signal);
  }

  /** The metrics of what is known of the series. */
  private async register(signal: AbortSignal): Promise<void> {
    const { rules, externalRules, objects } = this.options;
    this.external = ExternalSeriesRegistry.of(this.discovered(externalRules), objects).keeping(this.external);
    await Promise.all(this.discovered(rules).map((discovered) => this.resolve(discovered, signal)));
    signal.throwIfAborted();
    this.custom = CustomSeriesRegistry.of(rules.flatMap((rule) => this.customSeries.get(rule) ?? [])).keeping(this.custom);
  }

  /** @throws SourceUnavailableError while something was never found out: a metric that is not known may exist all the same */
  assertComplete(): void {
    const { rules, sources } = this.options;
    for (const [rule, key] of this.keys) {
      if (!this.shapes.has(key)) throw notDiscovered(this.failures.get(key), sources.get(rule.source).name, asQuery(rule.seriesQuery));
    }
    const unresolved = rules.find((rule) => !this.customSeries.has(rule));
    if (unresolved) throw notDiscovered(this.failures.get(unresolved), KUBERNETES, `resources of ${unresolved.node.place}`);
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { clock, relistIntervalMs, log } = this.options;
    const told = (error: Error) => {
      if (!signal.aborted) log.error('metrics cannot be discovered', { err: error.message });
    };
    const update = (again: boolean) => this.update(signal, again).catch(told);
    if (this.shapes.size > 0) await this.register(signal).catch(told);
    while (!signal.aborted) {
      await update(false);
      const relistMs = clock.monotonic() + relistIntervalMs;
      while (this.failures.size > 0 && clock.monotonic() + RETRY_MS < relistMs && !signal.aborted) {
        await pause(clock, RETRY_MS, signal);
        await update(true);
      }
      if (this.failures.size === 0) this.completed();
      await pause(clock, relistMs - clock.monotonic(), signal);
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

  private async resolve(discovered: DiscoveredSeries, signal: AbortSignal): Promise<void> {
    const { objects, log } = this.options;
    const { rule } = discovered;
    try {
      this.customSeries.set(rule, await customSeries(discovered, objects, signal));
      this.failures.delete(rule);
    } catch (error) {
      if (signal.aborted) return;
      const { message } = error as Error;
      if (this.failures.get(rule) !== message) log.error('resources of metrics cannot be found', { rule: rule.node.place, err: message });
      this.failures.set(rule, message);
    }
  }

  /** What those rules found whose queries were answered. */
  private discovered(rules: readonly DiscoveryRule[]): readonly DiscoveredSeries[] {
    return rules.flatMap((rule) => {
      const shapes = this.shapes.get(this.keys.get(rule)!);
      return shapes ? [{ rule, shapes }] : [];
    });
  }
}

/** Without a failure so far, there was no answer either. */
function notDiscovered(failure: string | undefined, source: string, asked: string): SourceUnavailableError {
  const { message } = new SourceError(source, 'timeout', 'it has not answered so far', asked);
  return new SourceUnavailableError(`metrics are not discovered yet: ${failure ?? message}`);
}
