/** What discovery needs to know of a series: not the values of its labels. */
export interface SeriesShape {
  readonly name: string;
  /** Without `__name__`. */
  readonly labels: readonly string[];
}

/**
 * Series with the same name and the same labels are the same metric: of thousands of series one is kept, in the place of the last, since of series that make
 * the same metric the last one wins, as with prometheus-adapter.
 */
export class SeriesShapes {
  private readonly byKey = new Map<string, SeriesShape>();
  private last = '';

  add(series: Readonly<Record<string, string>>): void {
    const { __name__: name = '', ...others } = series;
    const labels = Object.keys(others).sort();
    const key = JSON.stringify([name, ...labels]);
    if (key === this.last) return;
    this.last = key;
    this.byKey.delete(key);
    this.byKey.set(key, { name, labels });
  }

  get all(): readonly SeriesShape[] {
    return [...this.byKey.values()];
  }
}
