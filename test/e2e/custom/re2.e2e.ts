import * as fc from 'fast-check';
import { goAnswers } from './go-answers';
import { answer, questions } from '../../_facts/re2/random-expressions';
import { SEED } from '../../seed';

describe('a regular expression', () => {
  test('is read, refused, matched and expanded as Go does', () => {
    const asked = fc.sample(questions, { numRuns: 40_000, seed: SEED });
    const answers = goAnswers('regexp', asked);
    const different = asked.map((question, index) => ({ ...question, go: answers[index], ours: answer(question) }))
      .filter(({ go, ours }) => JSON.stringify(go) !== JSON.stringify(ours));
    expect(different.slice(0, 10)).toEqual([]);
  });
});
