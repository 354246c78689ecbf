/** A part of the runtime that reads what others write, and what must hold whatever they write. */
export interface FuzzTarget {
  /** Also of its folder in `test/fuzz/corpus`. */
  readonly name: string;
  /** Pieces that mean something to it, put in here and there. */
  readonly words: readonly string[];
  /** Throws, or rejects, when something does not hold. */
  check(input: Buffer): void | Promise<void>;
}
