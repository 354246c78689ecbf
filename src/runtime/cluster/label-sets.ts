import { LabelSet } from './object-metadata';

const NONE: LabelSet = { values: {}, json: undefined };

/** Gives objects with equal labels one LabelSet. A set that no object has any longer is freed. */
export class LabelSets {
  private readonly known = new Map<string, WeakRef<LabelSet>>();
  private readonly freed = new FinalizationRegistry<string>((json) => {
    // A new set with the same labels may have taken the place meanwhile.
    if (this.known.get(json)?.deref() === undefined) this.known.delete(json);
  });

  /** Distinct sets in use, up to those that the garbage collector has yet to find. */
  get size(): number {
    return this.known.size;
  }

  of(labels: Readonly<Record<string, string>> | undefined): LabelSet {
    const keys = Object.keys(labels ?? {}).sort();
    if (!labels || keys.length === 0) return NONE;
    // Not JSON.stringify of a sorted object: JavaScript puts keys that look like integers first.
    const json = `{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(labels[key])}`).join(',')}}`;
    return this.known.get(json)?.deref() ?? this.add(json);
  }

  private add(json: string): LabelSet {
    const set: LabelSet = { values: JSON.parse(json), json };
    this.known.set(json, new WeakRef(set));
    this.freed.register(set, json);
    return set;
  }
}
