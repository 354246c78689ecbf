import { readFileSync } from 'fs';
import { join } from 'path';
import { answer, Answer, Question } from './random-expressions';
import { Re2, Re2SyntaxError } from '../../../src/_facts/re2/re2';

/** What Go 1.26's regexp package answers (test/e2e/custom/go/regexp). */
const golden: readonly (Question & { readonly answer: Answer })[] = JSON.parse(
  readFileSync(join(__dirname, '../../golden/re2/expressions.json'), 'utf8'),
);

function refusal(pattern: string): string {
  try {
    new Re2(pattern);
  } catch (error) {
    if (error instanceof Re2SyntaxError) return `${error.offset}: ${error.message}`;
  }
  return 'taken';
}

describe('a regular expression', () => {
  test('is read, refused, matched and expanded as Go does', () => {
    expect(golden.length).toBeGreaterThan(1000);
    expect(golden.filter((one) => JSON.stringify(answer(one)) !== JSON.stringify(one.answer))).toEqual([]);
  });

  test.each<[string, string, (string | undefined)[]]>([
    ['^container_(.*)_seconds_total$', 'container_cpu_usage_seconds_total', ['container_cpu_usage_seconds_total', 'cpu_usage']],
    ['^kube_(?P<group>.+?)_(?P<resource>.+?)$', 'kube_apps_deployment', ['kube_apps_deployment', 'apps', 'deployment']],
    // A group keeps what it held in an earlier round; in JavaScript it would be empty.
    ['(?:(a)|b)*', 'ab', ['ab', 'a']],
    ['(?i)k', '\u212a', ['\u212a']],
    ['a.c$', 'a\rc', ['a\rc']],
  ])('%s finds in %j the groups of Go', (pattern, text, groups) => {
    expect(new Re2(pattern).match(text)).toEqual(groups);
  });

  test.each([
    ['a(?=b)', '1: (?= looks around, which RE2 cannot'],
    ['(a)\\1', '3: \\1 refers back to a group, which RE2 cannot'],
    ['a*+', '2: the repetition + follows another; put parentheses around what it repeats'],
    ['(?>a)', '0: (?> is no group of RE2; there are (…), (?:…), (?P<name>…), (?<name>…) and flags of i, m, s, U such as (?i)'],
    ['a\\Z', '1: \\Z is no escape sequence of RE2'],
    ['a)', '1: the parenthesis ) was never opened'],
    ['[a', '0: the bracket [ is not closed'],
    ['(?:a{100}){11}', '10: more than 1000 repetitions, those within each other multiplied'],
    ['\\p{Klingon}', '0: \\p{Klingon} is not a general category or script of Unicode that can be used'],
    ['(?:abcdefghijklmnop){999}', '0: the expression needs more than 10000 steps; repeat less'],
  ])('%s is refused', (pattern, message) => {
    expect(refusal(pattern)).toBe(message);
  });

  test.each(['(a*)*b', '(a|a)*b', '(?:a?){500}a{500}b'])('%s takes no longer than its steps times the length of the text', (pattern) => {
    expect(new Re2(pattern).test('a'.repeat(2000))).toBe(false);
  });
});
