import { FakePrometheus, vector } from './fake-prometheus';
import { CircuitBreaker } from '../../../src/runtime/prometheus/circuit-breaker';
import { SourceError, SourceFailureReason } from '../../../src/runtime/prometheus/source-error';
import { ManualClock } from '../manual-clock';

const { signal } = new AbortController();

describe('a source that fails', () => {
  const clock = new ManualClock();
  let prometheus: FakePrometheus;
  let breaker: CircuitBreaker;
  const ask = (query = 'up') => breaker.query(query, 0, signal);
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
    expect(prometheus.queries.length).toBe(3);
  });

  test('at several questions is asked none, whatever it is', async () => {
    failWith('unavailable');
    for (const query of ['up', 'sum(up)', 'sum(up)']) await expect(ask(query)).rejects.toThrow('no;');
    await expect(ask('max(up)')).rejects.toThrow('source main: HTTP 503: no (3 times; asked again in a moment); query: max(up)');
    await expect(breaker.series('up', 0, () => {}, signal)).rejects.toThrow('asked again in a moment');
    expect(prometheus.queries.length).toBe(3);
  });

  test('at one question only is asked others, and is left alone when it answers none of them', async () => {
    failWith('timeout');
    await failTimes(3);
    await expect(ask('sum(up)')).rejects.toThrow('no;');
    await expect(ask('max(up)')).rejects.toThrow('asked again in a moment');
    expect(prometheus.queries).toEqual(['up', 'up', 'up', 'sum(up)']);
  });

  test('at one question only, and answers another, is asked that one again', async () => {
    prometheus.answerTo = (query) => {
      if (query === 'up') return vector([]);
      throw new SourceError('main', 'timeout', 'no', `query: ${query}`);
    };
    for (let i = 0; i < 3; i++) await expect(ask('heavy')).rejects.toThrow('no;');
    await expect(ask('heavy')).rejects.toThrow('asked again in a moment');
    await ask();
    await expect(ask('heavy')).rejects.toThrow('no;');
    expect(prometheus.queries).toEqual(['heavy', 'heavy', 'heavy', 'up', 'heavy']);
  });

  test('at several questions, and answers another meanwhile, is asked all', async () => {
    let giveUp = () => {};
    const given = new Promise<void>((resolve) => { giveUp = resolve; });
    prometheus.answerTo = async (query) => {
      if (query === 'up') return vector([]);
      await given;
      throw new SourceError('main', 'timeout', 'no', `query: ${query}`);
    };
    const failed = Promise.all(['a', 'b', 'c', 'd'].map((query) => expect(ask(query)).rejects.toThrow('no;')));
    await ask();
    giveUp();
    await failed;
    await ask();
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
