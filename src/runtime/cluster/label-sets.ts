import { LabelSet } from './object-metadata';
import { SharedValues } from './shared-values';

const NONE: LabelSet = { values: {}, json: undefined };

/** Gives objects with equal labels one LabelSet. A set that no object has any longer is freed. */
export class LabelSets {
  private readonly sets = new SharedValues<LabelSet>((json) => ({ values: JSON.parse(json), json }));

  /** Distinct sets in use, up to those that the garbage collector has yet to find. */
  get size(): number {
    return this.sets.size;
  }

  of(labels: Readonly<Record<string, string>> | undefined): LabelSet {
    const keys = Object.keys(labels ?? {}).sort();
    if (!labels || keys.length === 0) return NONE;
    // Not JSON.stringify of a sorted object: JavaScript puts keys that look like integers first.
    return this.sets.of(`{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(labels[key])}`).join(',')}}`);
  }
}
