import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { SamplePolicy } from '../../../../src/runtime/configured-metrics/declared/sample-policy';

test('the last of very many series that come and go are found', async () => {
  const { metrics: [metric] } = await readConfiguration('c', 'sources: [{name: main, url: "http://a"}]\nmetrics: [{name: q, query: depth, onEmpty: last}]');
  const policy = new SamplePolicy(metric, { sources: ['main'], asked: 'query: a' });
  const sample = (timestampMs: number, index: number) => ({ labels: { pod: `${timestampMs}-${index}` }, value: 1, timestampMs });
  for (let timeMs = 0; timeMs < 3; timeMs++) policy.keep(Array.from({ length: 50_000 }, (_, index) => sample(timeMs, index)), timeMs);
  expect(policy.last(() => true, 3)).toHaveLength(50_000);
});
