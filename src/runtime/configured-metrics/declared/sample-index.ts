import { Selector } from '../../labels/selector';
import { Sample } from '../../prometheus/samples';

/** The samples of one answer by the values of a label, so that each autoscaler looks at its own few and not at those of all others. */
export class SampleIndex {
  private readonly byLabel = new Map<string, ReadonlyMap<string, readonly Sample[]>>();

  constructor(readonly samples: readonly Sample[]) {}

  /** Those whose label has one of the values. */
  having(label: string, values: readonly string[]): readonly Sample[] {
    const byValue = this.byLabel.get(label) ?? this.indexed(label);
    return values.length === 1 ? byValue.get(values[0]) ?? [] : [...new Set(values)].flatMap((value) => byValue.get(value) ?? []);
  }

  /** Those that can match, among others that do not: what a selector says by `=` or `in` is looked up. */
  candidates({ requirements }: Selector): readonly Sample[] {
    const exact = requirements.find(({ operator }) => operator === '=' || operator === '==' || operator === 'in');
    return exact ? this.having(exact.key, exact.values) : this.samples;
  }

  private indexed(label: string): ReadonlyMap<string, readonly Sample[]> {
    const byValue = new Map<string, Sample[]>();
    for (const sample of this.samples) {
      if (!Object.hasOwn(sample.labels, label)) continue;
      const value = sample.labels[label];
      const others = byValue.get(value);
      if (others) others.push(sample);
      else byValue.set(value, [sample]);
    }
    this.byLabel.set(label, byValue);
    return byValue;
  }
}
