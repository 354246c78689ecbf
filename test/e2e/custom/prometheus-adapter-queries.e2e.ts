import * as fc from 'fast-check';
import { goAnswers } from './go-answers';
import { answer, questions } from '../../runtime/configured-metrics/adapter/random-rules';
import { SEED } from '../../seed';

describe('rules of prometheus-adapter', () => {
  test('give the metrics and the queries that its own packages give', async () => {
    const asked = fc.sample(questions, { numRuns: 2_000, seed: SEED });
    const answers = goAnswers('queries', asked);
    for (const [index, question] of asked.entries()) {
      expect({ ...question, answer: await answer(question) }).toEqual({ ...question, answer: answers[index] });
    }
  });
});
