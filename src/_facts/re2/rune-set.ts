/** A part of a set: what one JavaScript class says of one code point, which is the same in RE2. */
export interface RuneSetItem {
  readonly pattern: RegExp;
  readonly negated?: boolean;
}

const ASCII = 0x80;

/** The code points that one place of an expression takes. */
export class RuneSet {
  /** One code point, in both cases when `fold`: Unicode's simple case folding is what both RE2 and JavaScript's `u` flag use. */
  static of(codePoint: number, fold: boolean): RuneSet {
    return new RuneSet([RuneSet.range(codePoint, codePoint, fold)]);
  }

  static range(low: number, high: number, fold: boolean): RuneSetItem {
    return RuneSet.item(`${escape(low)}-${escape(high)}`, fold);
  }

  /** `members` is what stands between the brackets of a JavaScript class with the `u` flag, and negates nothing. */
  static item(members: string, fold: boolean, negated = false): RuneSetItem {
    return { pattern: new RegExp(`^[${members}]$`, fold ? 'iu' : 'u'), negated };
  }

  /** ASCII is decided once: names of metrics and labels are ASCII. */
  private readonly ascii: readonly boolean[];

  constructor(private readonly items: readonly RuneSetItem[], private readonly negated = false) {
    this.ascii = Array.from({ length: ASCII }, (_, codePoint) => this.decide(codePoint));
  }

  has(codePoint: number): boolean {
    return codePoint < ASCII ? this.ascii[codePoint] : this.decide(codePoint);
  }

  /** Negation is applied here, not by JavaScript, which folds the case of a negated property the other way round. */
  private decide(codePoint: number): boolean {
    const rune = String.fromCodePoint(codePoint);
    return this.items.some(({ pattern, negated = false }) => pattern.test(rune) !== negated) !== this.negated;
  }
}

function escape(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}
