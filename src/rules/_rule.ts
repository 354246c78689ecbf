import { Manifest } from './_manifest';
import { ManifestSet } from './_manifest-set';
import { RuleLevel } from './rule-finding';

/** One mistake that manifests can hold. Its page in docs/rules is generated from it. */
export interface Rule {
  /** Kebab-case, naming what is wrong. Users write it into acknowledgements: it never changes. */
  readonly id: string;
  readonly level: RuleLevel;
  /** What is wrong: a clause without full stop. */
  readonly title: string;
  /** Why that is wrong, in sentences. */
  readonly reason: string;
  /** What to do about it: an order without full stop. */
  readonly mend: string;
  /** Kinds of the objects that it finds fault with. */
  readonly kinds: readonly string[];
  check(manifests: ManifestSet): Fault[];
}

/** Where an object breaks a rule. */
export interface Fault {
  readonly object: Manifest;
  readonly path: string;
  /** What stands there; undefined where something is missing. */
  readonly given: unknown;
}
