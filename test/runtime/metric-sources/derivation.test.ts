import { derivation } from '../../../src/runtime/metric-sources/derivation';

const rule = { rule: 'config.yaml:3: metrics[0]', asked: 'GET http://pod:8080/metrics' };

test('holds what was asked and answered, and why nothing came', async () => {
  const exchange = { source: 'shop', asked: 'query: up', answer: '[]' };
  expect(await derivation(rule, async (record) => {
    record(exchange);
    throw new Error('no answer');
  })).toEqual({ ...rule, exchanges: [exchange], failure: 'no answer' });
});

test('holds no more of many large pages than somebody reads', async () => {
  const page = 'x'.repeat(70_000);
  const { exchanges } = await derivation(rule, async (record) => {
    for (let pod = 0; pod < 1000; pod++) record({ source: `pod shop/web-${pod}`, asked: rule.asked, answer: page });
  });
  expect(exchanges).toHaveLength(100);
  expect(exchanges[0].answer).toBe(`${'x'.repeat(65_536)}…`);
});
