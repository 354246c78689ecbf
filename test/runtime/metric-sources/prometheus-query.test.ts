import { Exchange } from '../../../src/runtime/metric-sources/sample-source';
import { readConfiguration } from '../../../src/runtime/prometheus/configuration/configuration';
import { Sources } from '../../../src/runtime/prometheus/sources';
import { ManualClock } from '../manual-clock';
import { FakePrometheus, vector } from '../prometheus/fake-prometheus';

test('says of each source what it was asked, and what it answered', async () => {
  const [main, other] = [new FakePrometheus('main'), new FakePrometheus('other')];
  main.answerTo = () => vector([[{ queue: 'mail' }, 3]]);
  const text = 'sources: [{name: main, url: "http://a"}, {name: other, url: "http://b"}]\nmetrics: [{name: queue, query: queue_depth, sources: [main, other]}]';
  const [metric] = (await readConfiguration('config.yaml', text)).metrics;
  const source = metric.origin.open(metric, { sources: new Sources([main, other]), clock: new ManualClock() });
  const exchanges: Exchange[] = [];
  await source.samples(0, new AbortController().signal, (exchange) => exchanges.push(exchange));
  expect(source.asked).toBe('query: queue_depth');
  expect(exchanges).toEqual([
    { source: 'main', asked: 'query: queue_depth', answer: '[{"labels":{"queue":"mail"},"value":3,"timestampMs":0}]' },
    { source: 'other', asked: 'query: queue_depth', answer: '[]' },
  ]);
});
