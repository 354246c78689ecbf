import { readFileSync } from 'fs';
import { join } from 'path';
import { answer, Metric, Question } from './random-rules';

/** What prometheus-adapter v0.12.0 makes of them (test/e2e/custom/go/queries). */
const golden: readonly (Question & { readonly answer: readonly Metric[] })[] = JSON.parse(
  readFileSync(join(__dirname, '../../../golden/prometheus-adapter-v0.12.0/queries.json'), 'utf8'),
);

test('rules give the metrics and the queries of prometheus-adapter', async () => {
  expect(golden.length).toBeGreaterThan(100);
  for (const { answer: expected, ...question } of golden) {
    expect({ ...question, answer: await answer(question) }).toEqual({ ...question, answer: expected });
  }
});
