import * as fc from 'fast-check';
import { expand } from '../../../src/_facts/re2/expand';
import { Re2, Re2SyntaxError } from '../../../src/_facts/re2/re2';

export interface Question {
  readonly pattern: string;
  readonly text: string;
  readonly template: string;
}

/** What Go's regexp package makes of it, as test/e2e/custom/go/regexp prints it. */
export interface Answer {
  readonly refused?: true;
  readonly groups: readonly (string | null)[] | null;
  readonly expanded: string;
}

const PIECES = [
  'a', 'b', 'c', 'd', 'K', 's', '_', '1', 'é', '\n', ' ', '-', ':', ']', '.', '^', '$', '|', '(', ')', '\\', '\\-', '\\n', '\\x41', '\\x{212A}', '\\012', '\\1',
  '\\d', '\\D', '\\w', '\\W', '\\s', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\pL', '\\p{Greek}', '\\P{Lu}', '\\p{^Lu}', '\\Q.*\\E',
  '(?:', '(?i)', '(?i:', '(?s)', '(?m)', '(?U)', '(?-i)', '(?P<n>', '(?<m>', '(?=', '(a|b)', '(a*)', '(a|ab)(c|bcd)',
  '[', '[^', '[a-k]', '[^b]', '[[:alpha:]]', '[[:^digit:]]',
  '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0}', '{,2}', '{2,}?',
];
const CHARACTERS = ['a', 'b', 'c', 'd', 'k', 'K', '\u212a', 's', 'S', '\u017f', '_', '1', 'é', 'É', 'α', '.', '*', '\n', ' ', 'A', '\v', '😀'];
const REFERENCES = ['$1', '$0', '${1}', '$', '$$', 'x', '_', '${n}', '$n', '${m}', '${', '}', '$9', '$01', '2'];

function joined(pieces: readonly string[], maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(''));
}

/** About half of the expressions are refused, and a third of the others match. */
export const questions: fc.Arbitrary<Question> = fc.record({
  pattern: joined(PIECES, 9),
  text: joined(CHARACTERS, 8),
  template: joined(REFERENCES, 4),
});

export function answer({ pattern, text, template }: Question): Answer {
  try {
    const expression = new Re2(pattern);
    const match = expression.match(text);
    return match ? { groups: match.map((group) => group ?? null), expanded: expand(template, expression, match) } : { groups: null, expanded: '' };
  } catch (error) {
    if (!(error instanceof Re2SyntaxError)) throw error;
    return { refused: true, groups: null, expanded: '' };
  }
}
