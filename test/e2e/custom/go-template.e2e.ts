import * as fc from 'fast-check';
import { goAnswers } from './go-answers';
import { answer, questions } from '../../_facts/go-template/random-templates';
import { SEED } from '../../seed';

describe('a template that is known here', () => {
  test('gives what Go gives', () => {
    const asked = fc.sample(questions, { numRuns: 40_000, seed: SEED });
    const answers = goAnswers('template', asked);
    const different = asked.map((question, index) => ({ ...question, go: answers[index], ours: answer(question) }))
      .filter(({ go, ours }) => !ours.refused && JSON.stringify(go) !== JSON.stringify(ours));
    expect(different.slice(0, 10)).toEqual([]);
  });
});
