import { Counter, FamilyDescription, Gauge, Histogram, HistogramDescription, RenderedFamily } from './metric-family';

/** The runtime's own metrics, for Prometheus. Who adds series for things that come and go also removes them. */
export class MetricRegistry {
  private readonly families = new Map<string, RenderedFamily>();
  private readonly collectors: (() => void)[] = [];

  counter<const L extends string = never>(description: FamilyDescription<L>): Counter<L> {
    return this.add(new Counter(description));
  }

  gauge<const L extends string = never>(description: FamilyDescription<L>): Gauge<L> {
    return this.add(new Gauge(description));
  }

  histogram<const L extends string = never>(description: HistogramDescription<L>): Histogram<L> {
    return this.add(new Histogram(description));
  }

  /** Calls back before each rendering, to bring up to date what is cheaper to read than to follow. */
  collect(callback: () => void): void {
    this.collectors.push(callback);
  }

  /** Every family, sorted by name, in Prometheus' text format 0.0.4. */
  render(): string {
    for (const collector of this.collectors) {
      collector();
    }
    return [...this.families.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((family) => family.render())
      .join('');
  }

  private add<F extends RenderedFamily>(family: F): F {
    if (this.families.has(family.name)) {
      throw new TypeError(`metric ${family.name} is already registered`);
    }
    this.families.set(family.name, family);
    return family;
  }
}
