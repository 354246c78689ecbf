/** The labels that series may have: these alone, or any but these. */
export class LabelSet {
  static only(labels: Iterable<string>): LabelSet {
    return new LabelSet(false, new Set(labels));
  }

  static anyBut(labels: Iterable<string> = []): LabelSet {
    return new LabelSet(true, new Set(labels));
  }

  private constructor(private readonly any: boolean, private readonly named: ReadonlySet<string>) {}

  /** The labels, where they are known. */
  get known(): readonly string[] | undefined {
    return this.any ? undefined : [...this.named];
  }

  has(label: string): boolean {
    return this.any !== this.named.has(label);
  }

  with(labels: readonly string[]): LabelSet {
    return new LabelSet(this.any, this.any ? difference(this.named, labels) : new Set([...this.named, ...labels]));
  }

  without(labels: readonly string[]): LabelSet {
    return new LabelSet(this.any, this.any ? new Set([...this.named, ...labels]) : difference(this.named, labels));
  }

  /** Those of these labels that series may have. */
  onlyThose(labels: readonly string[]): LabelSet {
    return LabelSet.only(labels.filter((label) => this.has(label)));
  }

  /** Those that series of both may have. */
  intersection(other: LabelSet): LabelSet {
    if (!this.any) return this.onlyThose([...this.named].filter((label) => other.has(label)));
    return other.any ? LabelSet.anyBut([...this.named, ...other.named]) : other.intersection(this);
  }
}

function difference(set: ReadonlySet<string>, labels: readonly string[]): ReadonlySet<string> {
  return new Set([...set].filter((label) => !labels.includes(label)));
}
