import { askOnce, declaredSource } from './declared-source';
import { Sources } from '../../../src/runtime/prometheus/sources';
import { FakePrometheus, vector } from '../prometheus/fake-prometheus';

test('says of each source what it was asked, and what it answered', async () => {
  const [main, other] = [new FakePrometheus('main'), new FakePrometheus('other')];
  main.answerTo = () => vector([[{ queue: 'mail' }, 3]]);
  const source = await declaredSource('query: queue_depth, sources: [main, other]', { sources: new Sources([main, other]) });
  expect(source.asked).toBe('query: queue_depth');
  expect((await askOnce(source)).exchanges).toEqual([
    { source: 'main', asked: 'query: queue_depth', answer: '[{"labels":{"queue":"mail"},"value":3,"timestampMs":0}]' },
    { source: 'other', asked: 'query: queue_depth', answer: '[]' },
  ]);
});
