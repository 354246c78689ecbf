import { FakePrometheus, vector } from './fake-prometheus';
import { CircuitBreaker } from '../../../src/runtime/prometheus/circuit-breaker';
import { SourceError, SourceFailureReason } from '../../../src/runtime/prometheus/source-error';
import { ManualClock } from '../manual-clock';

const { signal } = new AbortController();

describe('a source that fails', () => {
  const clock = new ManualClock();
  let prometheus: FakePrometheus;
  let breaker: CircuitBreaker;
  const ask = () => breaker.query('up', 0, signal);
  const failWith = (reason: SourceFailureReason) => {
    prometheus.answerTo = (query) => { throw new SourceError('main', reason, 'no', `query: ${query}`, 503); };
  };
  const failTimes = async (times: number) => { for (let i = 0; i < times; i++) await expect(ask()).rejects.toThrow(); };

  beforeEach(() => {
    prometheus = new FakePrometheus();
    breaker = new CircuitBreaker(prometheus, clock, () => 0);
  });

  test('three times is left alone, and why is told', async () => {
    failWith('unavailable');
    await failTimes(3);
    await expect(ask()).rejects.toThrow('source main: HTTP 503: no (3 times; asked again in a moment); query: up');
    await expect(breaker.series('up', 0, () => {}, signal)).rejects.toThrow('asked again in a moment');
    expect(prometheus.queries.length).toBe(3);
  });

  test('is asked once after a while, then left alone for longer', async () => {
    failWith('timeout');
    await failTimes(3);
    clock.advance(5_000);
    await failTimes(2);
    expect(prometheus.queries.length).toBe(4);
    clock.advance(5_000);
    await failTimes(1);
    expect(prometheus.queries.length).toBe(4);
    clock.advance(5_000);
    await failTimes(1);
    expect(prometheus.queries.length).toBe(5);
  });

  test('is asked by one only while it is tried', async () => {
    failWith('transport');
    await failTimes(3);
    clock.advance(5_000);
    let release: () => void = () => {};
    prometheus.answerTo = () => new Promise((resolve) => { release = () => resolve(vector([])); });
    const tried = ask();
    await failTimes(1);
    release();
    await tried;
    prometheus.answerTo = () => vector([]);
    await ask();
    expect(prometheus.queries.length).toBe(5);
  });

  test('by refusing queries is asked further', async () => {
    failWith('query');
    await failTimes(10);
    expect(prometheus.queries.length).toBe(10);
  });
});
