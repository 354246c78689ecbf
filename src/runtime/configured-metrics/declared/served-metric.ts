import { combined, merged } from './combined-samples';
import { MetricPoll, PollFreshness } from './metric-poll';
import { SampleIndex } from './sample-index';
import { SamplePolicy } from './sample-policy';
import { Clock, Random } from '../../clock';
import { MetricNotFoundError } from '../../custom-metrics/metric-errors';
import { ExternalMetricValue, Measurement } from '../../custom-metrics/metric-value';
import { Quantity } from '../../custom-metrics/quantity';
import { Selector } from '../../labels/selector';
import { Derivation, derivation } from '../../metric-sources/derivation';
import { SourceContext } from '../../metric-sources/metric-origin';
import { nothingFrom, SampleSource } from '../../metric-sources/sample-source';
import { Sample } from '../../prometheus/samples';
import { SourceError } from '../../prometheus/source-error';
import { StatusError } from '../../server/status';
import { DeclaredMetric } from '../configuration/declared-metric';

/** Of a metric that somebody wants to know. */
export interface Freshness extends PollFreshness {
  /** Whether somebody was given nothing lately, since the answers hold no value for what is asked. */
  readonly isEmpty: boolean;
}

/** Autoscalers ask every 15 seconds: whoever lacks a value has asked again by then. */
const EMPTY_FOR_MS = 60_000;

/** Which samples are wanted: those among the candidates that match. */
interface Wanted {
  readonly candidates: (index: SampleIndex) => readonly Sample[];
  readonly matches: (labels: Sample['labels']) => boolean;
}

const EVERYTHING: Wanted = { candidates: ({ samples }) => samples, matches: () => true };

/** A declared metric and its latest values: one query for all who ask. */
export class ServedMetric {
  readonly source: SampleSource;
  private readonly policy: SamplePolicy;
  private readonly poll: MetricPoll;
  private readonly clock: Clock;
  private index = new SampleIndex([]);
  private gaveNothingMs = -Infinity;

  constructor(readonly metric: DeclaredMetric, context: SourceContext, random: Random) {
    const { clock } = context;
    this.clock = clock;
    this.source = metric.origin.open(metric, context);
    this.policy = new SamplePolicy(metric, this.source);
    this.poll = new MetricPoll({
      refreshMs: metric.refreshMs,
      maxAgeMs: metric.maxAgeMs,
      clock,
      random,
      source: this.source,
      ask: async (timeMs, signal) => {
        // Even one source may repeat a series, such as a proxy before several that have it.
        const samples = combined(await this.source.samples(timeMs, signal), metric.combine);
        this.policy.keep(samples, timeMs);
        return samples;
      },
    });
  }

  /** Undefined while nobody wants to know. */
  get freshness(): Freshness | undefined {
    const freshness = this.poll.freshness;
    return freshness && { ...freshness, isEmpty: this.clock.monotonic() - this.gaveNothingMs <= EMPTY_FOR_MS };
  }

  /** Tells who asks that there is no value, and notes it: it is most often not what was meant. @throws StatusError */
  giveNothing(notFound: MetricNotFoundError): never {
    this.gaveNothingMs = this.clock.monotonic();
    throw nothingFrom(this.source, notFound);
  }

  /** Values by the names of objects; those without a value are left out. @throws StatusError */
  async ofObjects(
    namespace: string, names: readonly string[], metricSelector: Selector, signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Measurement>> {
    const { object, combine, namespaceLabel, place } = this.metric;
    if (namespace !== '' && namespaceLabel === undefined) {
      throw StatusError.internalError(`${place} has no namespaceLabel, so its values may be of objects of that name in other namespaces; give the label that holds the namespace`);
    }
    const wantedNames = new Set(names);
    const nameOf = (labels: Sample['labels']) => labels[object!.nameLabel] ?? '';
    const matchesSeries = this.matcher(namespace, metricSelector);
    const { samples, askedMs } = await this.samples({
      candidates: (index) => index.having(object!.nameLabel, names),
      matches: (labels) => wantedNames.has(nameOf(labels)) && matchesSeries(labels),
    }, signal);
    const byName = new Map<string, Sample>();
    for (const sample of samples) {
      const name = nameOf(sample.labels);
      const other = byName.get(name);
      byName.set(name, other ? merged(other, sample, combine) : sample);
    }
    if (byName.size === 0 && this.metric.onEmpty === 'zero') for (const name of names) byName.set(name, this.zero(askedMs));
    const measurements = new Map<string, Measurement>();
    for (const [name, sample] of byName) measurements.set(name, this.measurement(sample));
    return measurements;
  }

  /** Values of all series. @throws StatusError */
  async ofSeries(namespace: string, metricSelector: Selector, signal: AbortSignal): Promise<readonly ExternalMetricValue[]> {
    const { samples, askedMs } = await this.samples({
      candidates: (index) => index.candidates(metricSelector),
      matches: this.matcher(namespace, metricSelector),
    }, signal);
    return this.orZero(samples, askedMs).map((sample) => ({ ...this.measurement(sample), metricLabels: sample.labels }));
  }

  /** All that it has now. @throws StatusError */
  async current(signal: AbortSignal): Promise<readonly Sample[]> {
    const { samples, askedMs } = await this.samples(EVERYTHING, signal);
    return this.orZero(samples, askedMs);
  }

  /** Asks beside the rounds: what is served stays what it is. */
  derive(signal: AbortSignal): Promise<Derivation> {
    const { place, object, namespaceLabel } = this.metric;
    const rule = { rule: place, asked: this.source.asked, nameLabel: object?.nameLabel, namespaceLabel };
    return derivation(rule, (record) => this.source.samples(this.clock.now(), signal, record));
  }

  /** `before` is the same metric of a configuration that this one takes over from. */
  continueFrom(before: ServedMetric): void {
    this.poll.continueFrom(before.poll);
    this.policy.continueFrom(before.policy);
    this.source.continueFrom?.(before.source);
  }

  /** Asks nothing by itself any longer. */
  retire(): void {
    this.poll.retire();
  }

  stop(): void {
    this.poll.stop();
  }

  private async samples({ candidates, matches }: Wanted, signal: AbortSignal): Promise<{ samples: readonly Sample[]; askedMs: number }> {
    const polled = await this.poll.samples(signal).catch((error) => {
      throw error instanceof SourceError ? error.toStatus() : error;
    });
    if (polled.samples !== this.index.samples) this.index = new SampleIndex(polled.samples);
    const current = this.resolved(candidates(this.index).filter(({ labels }) => matches(labels)));
    const samples = current.length === 0 && this.metric.onEmpty === 'last' ? this.resolved(this.policy.last(matches, this.clock.now())) : current;
    return { samples, askedMs: polled.askedMs };
  }

  private resolved(samples: readonly Sample[]): readonly Sample[] {
    return samples.flatMap((sample) => this.policy.resolve(sample) ?? []);
  }

  private matcher(namespace: string, metricSelector: Selector): Wanted['matches'] {
    const { namespaceLabel } = this.metric;
    return (labels) => (namespaceLabel === undefined || namespace === '' || labels[namespaceLabel] === namespace) && metricSelector.matches(labels);
  }

  private orZero(samples: readonly Sample[], askedMs: number): readonly Sample[] {
    return samples.length === 0 && this.metric.onEmpty === 'zero' ? [this.zero(askedMs)] : samples;
  }

  private zero(timestampMs: number): Sample {
    const { minimum, maximum } = this.metric;
    return { labels: {}, value: Math.min(maximum, Math.max(minimum, 0)), timestampMs };
  }

  private measurement({ value, timestampMs, windowSeconds }: Sample): Measurement {
    return { value: Quantity.of(value), timestampMs, windowSeconds: windowSeconds ?? this.metric.windowSeconds };
  }
}
