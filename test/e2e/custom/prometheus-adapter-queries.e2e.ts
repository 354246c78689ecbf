import { execFileSync } from 'child_process';
import * as fc from 'fast-check';
import { answer, questions } from '../../runtime/prometheus/adapter/random-rules';

describe('rules of prometheus-adapter', () => {
  test('give the metrics and the queries that its own packages give', async () => {
    const asked = fc.sample(questions, 2_000);
    const answers = execFileSync(`${process.env.PROMETHEUS_ADAPTER}/queries`, {
      input: asked.map((question) => JSON.stringify(question)).join('\n'), maxBuffer: 2 ** 28, encoding: 'utf8',
    }).trim().split('\n');
    for (const [index, question] of asked.entries()) {
      expect({ ...question, answer: await answer(question) }).toEqual({ ...question, answer: JSON.parse(answers[index]) });
    }
  });
});
