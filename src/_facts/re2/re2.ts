import { run } from './machine';
import { parsePattern } from './parser';
import { compile, Program } from './program';

export { Re2SyntaxError } from './syntax';

/** By group number, 0 for the whole; undefined for a group that took no part. */
export type Re2Match = readonly (string | undefined)[];

/**
 * A regular expression with the syntax and the meaning of Go's regexp package. JavaScript's own differ: `\s`, `.`, `$`, case folding and
 * groups within repetitions mean something else, and some expressions take them years.
 */
export class Re2 {
  readonly groupNames: readonly (string | undefined)[];
  private readonly program: Program;

  /** @throws Re2SyntaxError */
  constructor(readonly pattern: string) {
    const { node, groupNames } = parsePattern(pattern);
    this.groupNames = groupNames;
    this.program = compile(node);
  }

  /** Whether it matches somewhere in the text. */
  test(text: string): boolean {
    return run(this.program, codePoints(text)) !== undefined;
  }

  /** The leftmost match. */
  match(text: string): Re2Match | undefined {
    const points = codePoints(text);
    const slots = run(this.program, points);
    return slots && this.groupNames.map((_, group) => {
      const [begin, end] = [slots[2 * group], slots[2 * group + 1]];
      return begin === undefined || end === undefined ? undefined : String.fromCodePoint(...points.slice(begin, end));
    });
  }
}

function codePoints(text: string): readonly number[] {
  const points: number[] = [];
  for (let at = 0; at < text.length; at += points[points.length - 1] > 0xffff ? 2 : 1) points.push(text.codePointAt(at)!);
  return points;
}
