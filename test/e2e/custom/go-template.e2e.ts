import { execFileSync } from 'child_process';
import { join } from 'path';
import * as fc from 'fast-check';
import { answer, questions } from '../../runtime/go-template/random-templates';

describe('a template that is known here', () => {
  test('gives what Go gives', () => {
    const asked = fc.sample(questions, 40_000);
    const answers = execFileSync('go', ['run', join(__dirname, 'go', 'template', 'main.go')], {
      input: asked.map((question) => JSON.stringify(question)).join('\n'), maxBuffer: 2 ** 28, encoding: 'utf8',
    }).trim().split('\n');
    const different = asked.map((question, index) => ({ ...question, go: JSON.parse(answers[index]), ours: answer(question) }))
      .filter(({ go, ours }) => !ours.refused && JSON.stringify(go) !== JSON.stringify(ours));
    expect(different.slice(0, 10)).toEqual([]);
  });
});
