import { Stop } from '../../../../src/runtime/clock';
import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { DeclaredMetrics } from '../../../../src/runtime/configured-metrics/declared/declared-metrics';
import { CustomMetricInfo } from '../../../../src/runtime/custom-metrics/provider';
import { parseSelector, Selector } from '../../../../src/runtime/labels/selector';
import { SourceError } from '../../../../src/runtime/prometheus/source-error';
import { Sources } from '../../../../src/runtime/prometheus/sources';
import { FakeClusterObjects } from '../../custom-metrics/fake-cluster-objects';
import { ManualClock } from '../../manual-clock';
import { sourceContext } from '../../metric-sources/declared-source';
import { FakePrometheus, vector } from '../../prometheus/fake-prometheus';

const PODS: CustomMetricInfo = { groupResource: { group: '', resource: 'pods' }, namespaced: true, metric: 'rps' };
const RPS = '{name: rps, query: "sum by (namespace, pod, verb) (rate(http_requests_total[2m]))", object: {resource: pod, nameLabel: pod}, namespaceLabel: namespace';
const QUEUE = '{name: queue, query: queue_depth';
const { signal } = new AbortController();
const everything = Selector.everything;
const settle = async () => { for (let i = 0; i < 5; i++) await new Promise(setImmediate); };

describe('declared metrics', () => {
  const stops: Stop[] = [];
  let clock: ManualClock;
  let random: number;
  let main: FakePrometheus;
  let other: FakePrometheus;

  beforeEach(() => {
    clock = new ManualClock();
    random = 0.5;
    main = new FakePrometheus('main');
    other = new FakePrometheus('other');
  });
  afterEach(() => stops.splice(0).forEach((stop) => stop()));

  async function declare(...metrics: readonly string[]): Promise<DeclaredMetrics> {
    const text = `sources: [{name: main, url: "http://a"}, {name: other, url: "http://b"}]\nmetrics:\n${metrics.map((metric) => `- ${metric}}`).join('\n')}`;
    const declared = new DeclaredMetrics({
      metrics: (await readConfiguration('config.yaml', text)).metrics,
      ...sourceContext({ sources: new Sources([main, other]), clock }),
      objects: new FakeClusterObjects(['web-0', 'web-1']),
      random: () => random,
    });
    stops.push(declared.start());
    await settle();
    return declared;
  }

  const pods = (declared: DeclaredMetrics, selector = '') => (
    declared.getMetricBySelector('shop', everything, PODS, parseSelector(selector), signal)
      .then((values) => values.map(({ objectName, value, ...others }) => ({ ...others, [objectName]: String(value) })))
  );
  const queue = (declared: DeclaredMetrics, selector = '') => (
    declared.getExternalMetric('shop', parseSelector(selector), { metric: 'queue' }, signal)
      .then((values) => values.map(({ value, metricLabels }) => ({ ...metricLabels, value: String(value) })))
  );
  const queueAge = (declared: DeclaredMetrics) => (
    declared.getExternalMetric('shop', everything, { metric: 'queue' }, signal).then(([{ timestampMs }]) => (clock.now() - timestampMs) / 1000)
  );

  test('for some namespaces are not for others, who are told nothing of them', async () => {
    const declared = await declare(`${QUEUE}, namespaces: [shop, mails]`);
    main.answerTo = () => vector([[{}, 7]]);

    expect(await queue(declared)).toEqual([{ value: '7' }]);
    const elsewhere = declared.getExternalMetric('other', everything, { metric: 'queue' }, signal);
    await expect(elsewhere).rejects.toMatchObject({ code: 404, message: 'the server could not find the metric queue: it is not for namespace other' });
    expect(main.queries).toHaveLength(1);
    expect(declared.listAllExternalMetrics()).toEqual([{ metric: 'queue' }]);
  });

  test('are listed without asking Prometheus', async () => {
    const declared = await declare(RPS, QUEUE);
    expect(declared.listAllMetrics()).toEqual([PODS]);
    expect(declared.listAllExternalMetrics()).toEqual([{ metric: 'queue' }]);
    expect(main.queries).toEqual([]);
  });

  test('of objects are not given for a namespace when nothing says in which namespace they are', async () => {
    const declared = await declare('{name: width, query: up, object: {resource: gateways, nameLabel: gateway}');
    const info = { groupResource: { group: 'gateway.networking.k8s.io', resource: 'gateways' }, namespaced: true, metric: 'width' };
    await expect(declared.getMetricByName({ namespace: 'shop', name: 'small' }, info, everything, signal)).rejects.toMatchObject({
      code: 500, message: expect.stringContaining('metrics[0] has no namespaceLabel, so its values may be of objects of that name in other namespaces'),
    });
  });

  test('have a value for each object of the namespace, with the time and window of the query', async () => {
    const declared = await declare(RPS);
    main.answerTo = (_, timeMs) => vector([
      [{ namespace: 'shop', pod: 'web-0', verb: 'GET' }, 1.25],
      [{ namespace: 'shop', pod: 'web-0', verb: 'PUT' }, 2],
      [{ namespace: 'shop', pod: 'gone', verb: 'GET' }, 5],
      [{ namespace: 'other', pod: 'web-1', verb: 'GET' }, 7],
    ], timeMs);
    expect(await pods(declared)).toEqual([{ 'web-0': '3250m', 'timestampMs': clock.now(), 'windowSeconds': 120 }]);
    expect(await pods(declared, 'verb=GET')).toMatchObject([{ 'web-0': '1250m' }]);
    expect(String((await declared.getMetricByName({ namespace: 'other', name: 'web-1' }, PODS, everything, signal)).value)).toBe('7');
  });

  test('take one query for everybody who asks', async () => {
    const declared = await declare(RPS, QUEUE);
    main.answerTo = () => vector([[{ namespace: 'shop', pod: 'web-0' }, 1]]);
    await Promise.all([pods(declared), pods(declared, 'pod=web-0'), queue(declared), queue(declared)]);
    await pods(declared);
    expect(main.queries.length).toBe(2);
  });

  test('are asked for again while somebody wants to know, and no longer', async () => {
    const declared = await declare(`${QUEUE}, refresh: 10s`);
    main.answerTo = () => vector([[{}, 1]]);
    await queue(declared);
    for (let i = 0; i < 4; i++) {
      clock.advance(10_000);
      await settle();
    }
    expect(main.queries.length).toBe(5);
    await queue(declared);
    for (let i = 0; i < 20; i++) {
      clock.advance(10_000);
      await settle();
    }
    // Three minutes more.
    expect(main.queries.length).toBe(23);
    expect(clock.pending).toBe(0);
    await queue(declared);
    expect(main.queries.length).toBe(24);
  });

  test('are served from the last answer while Prometheus is away, with its time, and then fail with the reason', async () => {
    const declared = await declare(`${QUEUE}, maxAge: 40s`);
    main.answerTo = (_, timeMs) => vector([[{}, 5]], timeMs);
    await queue(declared);
    main.answerTo = (query) => { throw new SourceError('main', 'unavailable', 'Service Unavailable', `query: ${query}`, 503); };
    clock.advance(15_000);
    await settle();
    clock.advance(15_000);
    await settle();
    expect(await queueAge(declared)).toBe(30);
    clock.advance(15_000);
    await settle();
    await expect(queue(declared)).rejects.toMatchObject({ code: 503, message: 'source main: HTTP 503: Service Unavailable; query: queue_depth' });
    main.answerTo = (_, timeMs) => vector([[{}, 6]], timeMs);
    clock.advance(15_000);
    await settle();
    expect(await queue(declared)).toEqual([{ value: '6' }]);
  });

  test('whose maxAge is no longer than refresh wait for the round that is under way', async () => {
    const declared = await declare(`${QUEUE}, maxAge: 15s`);
    random = 1;
    main.answerTo = (_, timeMs) => vector([[{}, 5]], timeMs);
    await queue(declared);
    let release: () => void = () => {};
    main.answerTo = (_, timeMs) => new Promise((resolve) => { release = () => resolve(vector([[{}, 6]], timeMs)); });
    clock.advance(15_001);
    const asked = queue(declared);
    await settle();
    release();
    expect(await asked).toEqual([{ value: '6' }]);
  });

  test('whose answers take longer than maxAge are unavailable for that reason', async () => {
    const declared = await declare(`${QUEUE}, refresh: 1s, maxAge: 1s`);
    main.answerTo = () => {
      clock.advance(2_000);
      return vector([[{}, 5]]);
    };
    await expect(queue(declared)).rejects.toMatchObject({
      code: 503, message: 'source main: the latest answer is 2 s old, which is more than maxAge, 1 s; query: queue_depth',
    });
  });

  test.each([3_600_000, -3_600_000])('are as old as they were when somebody sets the clock by %i ms', async (ms) => {
    const declared = await declare(QUEUE);
    main.answerTo = (_, timeMs) => vector([[{}, 5]], timeMs);
    await queue(declared);
    main.answerTo = (query) => { throw new SourceError('main', 'transport', 'connection refused', `query: ${query}`); };
    clock.setBy(ms);
    expect(await queue(declared)).toEqual([{ value: '5' }]);
    expect(Object.fromEntries(declared.freshness)).toMatchObject({ queue: { ageMs: 0, isStale: false } });
    for (let i = 0; i < 5; i++) {
      clock.advance(15_000);
      await settle();
    }
    await expect(queue(declared)).rejects.toMatchObject({ code: 503 });
  });

  test('are stale when they are asked for and nothing is young enough to be served, and have no age when nobody asks', async () => {
    const declared = await declare(`${QUEUE}, maxAge: 40s`);
    expect([...declared.freshness]).toEqual([]);
    main.answerTo = () => vector([[{}, 5]]);
    await queue(declared);
    main.answerTo = (query) => { throw new SourceError('main', 'timeout', 'no answer in 10 s', `query: ${query}`); };
    const after = async (seconds: number) => {
      for (let i = 0; i < seconds / 15; i++) {
        clock.advance(15_000);
        await settle();
      }
      return Object.fromEntries(declared.freshness);
    };
    expect(await after(30)).toEqual({ queue: { ageMs: 30_000, isStale: false, isEmpty: false } });
    expect(await after(15)).toEqual({ queue: { ageMs: 45_000, isStale: true, isEmpty: false } });
    expect(await after(300)).toEqual({});
  });

  test('are empty for a minute when an answer has no value for who asks, such as after a label was renamed', async () => {
    const declared = await declare(RPS);
    const answers = (label: string) => { main.answerTo = (_, timeMs) => vector([[{ namespace: 'shop', [label]: 'web-0' }, 5]], timeMs); };
    answers('pod');
    await pods(declared);
    expect(Object.fromEntries(declared.freshness)).toMatchObject({ rps: { isEmpty: false } });
    answers('pod_name');
    clock.advance(15_000);
    await settle();
    await expect(pods(declared)).rejects.toMatchObject({ code: 404 });
    expect(Object.fromEntries(declared.freshness)).toMatchObject({ rps: { isStale: false, isEmpty: true } });
    answers('pod');
    clock.advance(45_000);
    await settle();
    await pods(declared);
    expect(Object.fromEntries(declared.freshness)).toMatchObject({ rps: { isEmpty: true } });
    clock.advance(15_001);
    await settle();
    expect(Object.fromEntries(declared.freshness)).toMatchObject({ rps: { isEmpty: false } });
  });

  test('that stand for zero when there is nothing are never empty', async () => {
    const declared = await declare(`${RPS}, onEmpty: zero`);
    await pods(declared);
    expect(Object.fromEntries(declared.freshness)).toMatchObject({ rps: { isEmpty: false } });
  });

  test('say why there is no first answer', async () => {
    const declared = await declare(QUEUE);
    main.answerTo = (query) => { throw new SourceError('main', 'query', 'bad_data: parse error', `query: ${query}`, 400); };
    await expect(queue(declared)).rejects.toMatchObject({
      code: 500, message: 'Internal error occurred: source main: HTTP 400: bad_data: parse error; query: queue_depth',
    });
  });

  test.each<[string, readonly (readonly [Record<string, string>, number])[], unknown]>([
    ['', [], '404: the server could not find the metric queue: source main: it gives nothing for that; query: queue_depth'],
    [', onEmpty: zero', [], [{ value: '0' }]],
    [', onEmpty: zero, minimum: 2', [], [{ value: '2' }]],
    [', onEmpty: last', [], [{ q: 'a', value: '5' }]],
    ['', [[{ q: 'a' }, NaN]], '500: Internal error occurred: source main: it gives NaN for {"q":"a"}; onNaN says what that means; query: queue_depth'],
    [', onNaN: zero', [[{ q: 'a' }, NaN]], [{ q: 'a', value: '0' }]],
    [', onNaN: skip', [[{ q: 'a' }, NaN], [{ q: 'b' }, 1]], [{ q: 'b', value: '1' }]],
    [', onNaN: skip, onEmpty: zero', [[{ q: 'a' }, NaN]], [{ value: '0' }]],
    [', onNaN: last', [[{ q: 'a' }, NaN], [{ q: 'b' }, 1]], [{ q: 'a', value: '5' }, { q: 'b', value: '1' }]],
    [', minimum: 1, maximum: 10', [[{ q: 'a' }, -3], [{ q: 'b' }, Infinity]], [{ q: 'a', value: '1' }, { q: 'b', value: '10' }]],
  ])('with%s and %j now give %j', async (policy, samples, expected) => {
    const declared = await declare(QUEUE + policy);
    main.answerTo = (_, timeMs) => vector([[{ q: 'a' }, 5]], timeMs);
    await queue(declared);
    main.answerTo = (_, timeMs) => vector(samples, timeMs);
    clock.advance(15_000);
    await settle();
    expect(await queue(declared).catch(({ code, message }) => `${code}: ${message}`)).toEqual(expected);
  });

  test('have zero for each object that is asked for when that stands for nothing', async () => {
    const declared = await declare(`${RPS}, onEmpty: zero`);
    expect(await pods(declared)).toMatchObject([{ 'web-0': '0' }, { 'web-1': '0' }]);
  });

  test.each([['sum', '9'], ['max', '6']])('of several sources are their %s, as old as the older', async (combine, value) => {
    const declared = await declare(`${QUEUE}, sources: [main, other], combine: ${combine}`);
    main.answerTo = () => vector([[{ q: 'a' }, 3]], clock.now() - 2000);
    other.answerTo = () => vector([[{ q: 'a' }, 6]], clock.now() - 1000);
    expect(await queue(declared)).toEqual([{ q: 'a', value }]);
    expect(await queueAge(declared)).toBe(2);
  });

  test('of several sources are not a sum of those that answer', async () => {
    const declared = await declare(`${QUEUE}, sources: [main, other]`);
    main.answerTo = () => vector([[{}, 3]]);
    other.answerTo = (query) => { throw new SourceError('other', 'transport', 'connection refused', `query: ${query}`); };
    await expect(queue(declared)).rejects.toThrow('source other: connection refused; query: queue_depth');
  });

  test('of several sources name them all where they give nothing', async () => {
    const declared = await declare(`${QUEUE}, sources: [main, other]`);
    main.answerTo = other.answerTo = () => vector([]);
    await expect(queue(declared)).rejects.toThrow(/: source main, other: it gives nothing for that; query: queue_depth$/);
  });

  test('that are not declared are not found', async () => {
    const declared = await declare(QUEUE);
    await expect(pods(declared)).rejects.toMatchObject({ code: 404 });
    expect(await declared.has(PODS, signal)).toBe(false);
    expect(declared.hasExternal({ metric: 'queue' })).toBe(true);
  });
});
