/** What a relabeling does, as Prometheus names it. */
export enum RelabelAction {
  /** Writes `replacement` into `targetLabel` where `regex` matches. */
  REPLACE = 'replace',
  /** Keeps what matches `regex`, and drops the rest. */
  KEEP = 'keep',
  /** Drops what matches `regex`. */
  DROP = 'drop',
  /** Keeps what has the same value in the source labels and in `targetLabel`. */
  KEEP_EQUAL = 'keepequal',
  /** Drops what has the same value in the source labels and in `targetLabel`. */
  DROP_EQUAL = 'dropequal',
  /** Writes the hash of the source labels, modulo `modulus`, into `targetLabel`. */
  HASH_MOD = 'hashmod',
  /** Copies labels whose names match `regex` to those that `replacement` names. */
  LABEL_MAP = 'labelmap',
  /** Removes labels whose names match `regex`. */
  LABEL_DROP = 'labeldrop',
  /** Removes labels whose names do not match `regex`. */
  LABEL_KEEP = 'labelkeep',
  /** Writes the source labels in lower case into `targetLabel`. */
  LOWERCASE = 'lowercase',
  /** Writes the source labels in upper case into `targetLabel`. */
  UPPERCASE = 'uppercase',
}

/** A rule that rewrites labels or drops what carries them, as in Prometheus' configuration. */
export interface RelabelConfig {
  /**
   * Names of the labels to read.
   *
   * @default - none
   */
  readonly sourceLabels?: string[];
  /**
   * What stands between the values of several source labels.
   *
   * @default ;
   */
  readonly separator?: string;
  /**
   * Name of the label to write. The actions `REPLACE`, `HASH_MOD`, `LOWERCASE`, `UPPERCASE`, `KEEP_EQUAL` and `DROP_EQUAL` need one.
   *
   * @default - none
   */
  readonly targetLabel?: string;
  /**
   * Regular expression, in RE2's syntax, that the joined source labels have to match from beginning to end.
   *
   * @default (.*)
   */
  readonly regex?: string;
  /**
   * What the hash is taken modulo of, 1 or more. Only with `HASH_MOD`, which needs it.
   *
   * @default - none
   */
  readonly modulus?: number;
  /**
   * What to write. `$1` and its like stand for groups of `regex`.
   *
   * @default $1
   */
  readonly replacement?: string;
  /**
   * What to do.
   *
   * @default RelabelAction.REPLACE
   */
  readonly action?: RelabelAction;
}
