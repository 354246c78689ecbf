import { formatHeader, formatLabels, formatNumber, formatSample, MetricType } from './text-format';

export interface FamilyDescription<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly L[];
}

/** A value for each label. */
export type Labels<L extends string> = Readonly<Record<L, string>>;

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** What a registry needs to know of a family. */
export interface RenderedFamily {
  readonly name: string;
  /** Header and samples, each on its line. */
  render(): string;
}

/** All series of one name. A family without labels has its one series from the start, others as they are first used. */
export abstract class MetricFamily<L extends string, Series> implements RenderedFamily {
  readonly name: string;
  private readonly help: string;
  private readonly labelNames: readonly L[];
  /** By the value of the label, or of several, each after its length. They are formatted only when they are shown. */
  private readonly seriesByValues = new Map<string, { readonly labels: Labels<L>; readonly series: Series }>();

  constructor({ name, help, labelNames = [] }: FamilyDescription<L>, private readonly type: MetricType) {
    if (!METRIC_NAME.test(name) || !labelNames.every((label) => LABEL_NAME.test(label))) {
      throw new TypeError(`not a metric with labels: ${name}{${labelNames.join()}}`);
    }
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
  }

  /** Forgets a series, so that what no longer exists takes no memory. */
  remove(labels: Labels<L>): void {
    this.seriesByValues.delete(this.keyOf(labels));
  }

  /** Series are sorted; a family without series is left out. */
  render(): string {
    if (this.labelNames.length === 0) {
      this.series({} as Labels<L>);
    }
    const samples = Array.from(this.seriesByValues.values(), ({ labels, series }): [string, Series] => [this.format(labels), series])
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([labels, series]) => this.samples(labels, series));
    return samples.length === 0 ? '' : formatHeader(this.name, this.type, this.help) + samples.join('');
  }

  protected series(labels: Labels<L>): Series {
    const key = this.keyOf(labels);
    let known = this.seriesByValues.get(key);
    if (known === undefined) {
      known = { labels, series: this.newSeries() };
      this.seriesByValues.set(key, known);
    }
    return known.series;
  }

  private keyOf(labels: Labels<L>): string {
    if (this.labelNames.length === 1) return labels[this.labelNames[0]];
    let key = '';
    for (const name of this.labelNames) key += `${labels[name].length}:${labels[name]}`;
    return key;
  }

  private format(labels: Labels<L>): string {
    return formatLabels(this.labelNames, this.labelNames.map((name) => labels[name]));
  }

  protected abstract newSeries(): Series;

  protected abstract samples(labels: string, series: Series): string;
}

abstract class NumberFamily<L extends string> extends MetricFamily<L, { value: number }> {
  protected newSeries(): { value: number } {
    return { value: 0 };
  }

  protected samples(labels: string, { value }: { value: number }): string {
    return formatSample(this.name, labels, value);
  }
}

/** What only grows. */
export class Counter<L extends string = never> extends NumberFamily<L> {
  constructor(description: FamilyDescription<L>) {
    super(description, 'counter');
  }

  inc(labels: Labels<L> = {} as Labels<L>, by = 1): void {
    if (!(by >= 0)) {
      throw new RangeError(`counter ${this.name} cannot grow by ${by}`);
    }
    this.series(labels).value += by;
  }
}

/** What goes up and down. */
export class Gauge<L extends string = never> extends NumberFamily<L> {
  constructor(description: FamilyDescription<L>) {
    super(description, 'gauge');
  }

  set(labels: Labels<L>, value: number): void {
    this.series(labels).value = value;
  }
}

export interface HistogramDescription<L extends string> extends FamilyDescription<L> {
  /** Upper bounds, inclusive and ascending; the one at infinity is added. */
  readonly buckets: readonly number[];
}

interface Distribution {
  /** Observations in each bucket alone, the last being those above every bound. */
  readonly counts: Float64Array;
  sum: number;
}

/** How observations are spread. */
export class Histogram<L extends string = never> extends MetricFamily<L, Distribution> {
  private readonly bounds: readonly number[];

  constructor(description: HistogramDescription<L>) {
    super(description, 'histogram');
    const { name, buckets, labelNames } = description;
    if (!buckets.every((bound, index) => Number.isFinite(bound) && (index === 0 || bound > buckets[index - 1]))) {
      throw new RangeError(`buckets of histogram ${name} must be finite and ascend: ${buckets.join()}`);
    }
    if (labelNames?.some((label) => label === 'le')) {
      throw new TypeError(`label le of histogram ${name} is taken by its buckets`);
    }
    this.bounds = [...buckets];
  }

  observe(labels: Labels<L>, value: number): void {
    const distribution = this.series(labels);
    let bucket = 0;
    while (bucket < this.bounds.length && !(value <= this.bounds[bucket])) bucket++;
    distribution.counts[bucket]++;
    distribution.sum += value;
  }

  protected newSeries(): Distribution {
    return { counts: new Float64Array(this.bounds.length + 1), sum: 0 };
  }

  protected samples(labels: string, { counts, sum }: Distribution): string {
    let cumulative = 0;
    const buckets = [...this.bounds, Infinity].map((bound, index) => {
      cumulative += counts[index];
      return formatSample(`${this.name}_bucket`, `${labels && `${labels},`}le="${formatNumber(bound)}"`, cumulative);
    });
    return buckets.join('') + formatSample(`${this.name}_sum`, labels, sum) + formatSample(`${this.name}_count`, labels, cumulative);
  }
}
