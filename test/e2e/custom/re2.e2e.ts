import { execFileSync } from 'child_process';
import { join } from 'path';
import * as fc from 'fast-check';
import { answer, questions } from '../../runtime/re2/random-expressions';

describe('a regular expression', () => {
  test('is read, refused, matched and expanded as Go does', () => {
    const asked = fc.sample(questions, 40_000);
    const program = join(__dirname, 'go', 'regexp', 'main.go');
    const answers = execFileSync('go', ['run', program], {
      input: asked.map((question) => JSON.stringify(question)).join('\n'), maxBuffer: 2 ** 28, encoding: 'utf8',
    }).trim().split('\n');
    const different = asked.map((question, index) => ({ ...question, go: JSON.parse(answers[index]), ours: answer(question) }))
      .filter(({ go, ours }) => JSON.stringify(go) !== JSON.stringify(ours));
    expect(different.slice(0, 10)).toEqual([]);
  });
});
