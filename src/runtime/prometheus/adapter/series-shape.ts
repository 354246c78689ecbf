/** What discovery needs to know of a series: not the values of its labels. */
export interface SeriesShape {
  readonly name: string;
  /** Without `__name__`. */
  readonly labels: readonly string[];
}

/** Series with the same name and the same labels are the same metric: of thousands of series one is kept. */
export class SeriesShapes {
  private readonly byKey = new Map<string, SeriesShape>();

  add(series: Readonly<Record<string, string>>): void {
    const { __name__: name = '', ...others } = series;
    const labels = Object.keys(others).sort();
    const key = JSON.stringify([name, ...labels]);
    if (!this.byKey.has(key)) this.byKey.set(key, { name, labels });
  }

  get all(): readonly SeriesShape[] {
    return [...this.byKey.values()];
  }
}
