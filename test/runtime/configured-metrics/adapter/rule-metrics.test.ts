import { RuleCustomMetrics } from '../../../../src/runtime/configured-metrics/adapter/custom-metrics';
import { RuleExternalMetrics } from '../../../../src/runtime/configured-metrics/adapter/external-metrics';
import { RuleQueries } from '../../../../src/runtime/configured-metrics/adapter/rule-queries';
import { SeriesDiscovery } from '../../../../src/runtime/configured-metrics/adapter/series-discovery';
import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { CustomMetricInfo } from '../../../../src/runtime/custom-metrics/provider';
import { Selector, parseSelector } from '../../../../src/runtime/labels/selector';
import { SourceError } from '../../../../src/runtime/prometheus/source-error';
import { Sources } from '../../../../src/runtime/prometheus/sources';
import { silentLogger } from '../../../../src/runtime/telemetry/logger';
import { FakeClusterObjects } from '../../custom-metrics/fake-cluster-objects';
import { ManualClock } from '../../manual-clock';
import { FakePrometheus, scalar, vector } from '../../prometheus/fake-prometheus';

const CONFIGURATION = `
sources: [{name: main, url: "http://main"}]
rules:
- seriesQuery: http_requests_total{namespace!=""}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  name: {matches: "^(.*)_total$"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
- seriesQuery: cheddar
  resources: {overrides: {brand: {group: cheese.io, resource: brand}}}
  metricsQuery: max(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue_depth
  resources: {namespaced: false}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (queue)
- seriesQuery: queue_age
  metricsQuery: max(<<.Series>>{<<.LabelMatchers>>})
`;

const SERIES: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  'http_requests_total{namespace!=""}': [{ __name__: 'http_requests_total', namespace: 'shop', pod: 'web-0', code: '200' }],
  'cheddar': [{ __name__: 'cheddar', brand: 'mature' }],
  'queue_depth': [{ __name__: 'queue_depth', queue: 'a' }],
  'queue_age': [{ __name__: 'queue_age', queue: 'a' }],
};

const PODS: CustomMetricInfo = { groupResource: { group: '', resource: 'pods' }, namespaced: true, metric: 'http_requests' };
const { signal } = new AbortController();
const everything = Selector.everything;

describe('metrics of rules', () => {
  const clock = new ManualClock();
  let prometheus: FakePrometheus;
  let objects: FakeClusterObjects;
  let discovery: SeriesDiscovery;
  let custom: RuleCustomMetrics;
  let external: RuleExternalMetrics;

  beforeEach(async () => {
    prometheus = new FakePrometheus();
    prometheus.seriesOf = (selector) => SERIES[selector];
    const sources = new Sources([prometheus]);
    objects = new FakeClusterObjects(['web-0', 'web-1']);
    const { rules, externalRules } = await readConfiguration('config.yaml', CONFIGURATION);
    discovery = new SeriesDiscovery({
      sourceSaid: (name = '') => name,
      rules,
      externalRules,
      sources,
      objects,
      clock,
      log: silentLogger,
      relistIntervalMs: 60_000,
      maxAgeMs: 300_000,
    });
    const queries = new RuleQueries(sources, clock);
    custom = new RuleCustomMetrics(discovery, queries, objects);
    external = new RuleExternalMetrics(discovery, queries);
  });

  test('are discovered from series of the last while', async () => {
    await discovery.update(signal);
    expect(prometheus.listings.map(({ selector, startMs }) => [selector, clock.now() - startMs]))
      .toEqual(Object.keys(SERIES).map((selector) => [selector, 300_000]));
    expect(custom.listAllMetrics()).toEqual([
      { groupResource: { group: '', resource: 'namespaces' }, namespaced: false, metric: 'http_requests' },
      PODS,
      { groupResource: { group: 'cheese.io', resource: 'brands' }, namespaced: false, metric: 'cheddar' },
    ]);
    expect(external.listAllExternalMetrics()).toEqual([{ metric: 'queue_depth' }, { metric: 'queue_age' }]);
  });

  test('are the same list while nothing changes', async () => {
    await discovery.update(signal);
    const [before, externalBefore] = [custom.listAllMetrics(), external.listAllExternalMetrics()];
    await discovery.update(signal);
    expect(custom.listAllMetrics()).toBe(before);
    expect(external.listAllExternalMetrics()).toBe(externalBefore);
  });

  test('have values for the objects that a selector chooses, with time and window', async () => {
    await discovery.update(signal);
    prometheus.answerTo = (_, timeMs) => vector([[{ pod: 'web-1' }, 1.2345], [{ pod: 'other' }, 9]], timeMs);
    const values = await custom.getMetricBySelector('shop', parseSelector('app=web'), PODS, parseSelector('code=200'), signal);
    expect(prometheus.queries).toEqual(['sum(rate(http_requests_total{code="200",namespace="shop",pod=~"web-0|web-1"}[2m])) by (pod)']);
    expect(values.map(({ value, ...others }) => ({ ...others, value: String(value) })))
      .toEqual([{ objectName: 'web-1', value: '1234m', timestampMs: clock.now(), windowSeconds: 120 }]);
  });

  test('of one object are 404 where there is no value', async () => {
    await discovery.update(signal);
    await expect(custom.getMetricByName({ namespace: 'shop', name: 'web-0' }, PODS, everything, signal))
      .rejects.toMatchObject({
        code: 404, message: expect.stringMatching(/^the server could not find the metric http_requests for pods web-0: source main: it gives nothing for that; query: sum\(rate\(http_requests_total\{/),
      });
  });

  test('of custom objects are zero where Prometheus says NaN, and an error where it says infinity', async () => {
    await discovery.update(signal);
    const ask = () => custom.getMetricByName({ namespace: 'shop', name: 'web-0' }, PODS, everything, signal);
    prometheus.answerTo = () => vector([[{ pod: 'web-0' }, NaN]]);
    expect(String((await ask()).value)).toBe('0');
    prometheus.answerTo = () => vector([[{ pod: 'web-0' }, Infinity]]);
    await expect(ask()).rejects.toMatchObject({ code: 500, message: expect.stringContaining('source main: it gives Infinity; query: sum(rate(') });
  });

  test('say when no object matches, without asking Prometheus', async () => {
    await discovery.update(signal);
    const none = new RuleCustomMetrics(discovery, new RuleQueries(new Sources([prometheus]), clock), new FakeClusterObjects([]));
    await expect(none.getMetricBySelector('shop', parseSelector('app=web'), PODS, everything, signal)).rejects.toMatchObject({
      code: 404, message: 'the server could not find the metric http_requests for pods: there are no pods in namespace shop with labels app=web',
    });
    expect(prometheus.queries).toEqual([]);
  });

  test('that are external keep the labels of their series', async () => {
    await discovery.update(signal);
    prometheus.answerTo = () => vector([[{ queue: 'a' }, 3], [{ queue: 'b' }, 4]], 5000);
    const values = await external.getExternalMetric('shop', parseSelector('queue in (a,b)'), { metric: 'queue_depth' }, signal);
    expect(values.map((one) => ({ ...one, value: String(one.value) })))
      .toEqual([
        { value: '3', timestampMs: 5000, metricLabels: { queue: 'a' } },
        { value: '4', timestampMs: 5000, metricLabels: { queue: 'b' } },
      ]);
    expect(prometheus.queries).toEqual(['sum(queue_depth{queue=~"a|b"}) by (queue)']);
    prometheus.answerTo = () => scalar(7);
    expect((await external.getExternalMetric('shop', everything, { metric: 'queue_depth' }, signal))[0]).not.toHaveProperty('metricLabels');
  });

  test('that are external and without a namespace label say how to mend it', async () => {
    await discovery.update(signal);
    await expect(external.getExternalMetric('shop', everything, { metric: 'queue_age' }, signal)).rejects.toThrow(
      'config.yaml:15: externalRules[1].resources has no label for namespaces; add one to overrides, or namespaced: false',
    );
  });

  test('refuse a selector that Prometheus does not have', async () => {
    await discovery.update(signal);
    await expect(external.getExternalMetric('shop', parseSelector('age>5'), { metric: 'queue_depth' }, signal)).rejects.toMatchObject({
      code: 400, message: 'the metric selector compares age by gt, which Prometheus cannot; use =, !=, in, notin, exists or !',
    });
  });

  test('tell why Prometheus does not answer', async () => {
    await discovery.update(signal);
    prometheus.answerTo = (query) => { throw new SourceError('main', 'unavailable', 'Service Unavailable', `query: ${query}`, 503); };
    await expect(external.getExternalMetric('shop', everything, { metric: 'queue_depth' }, signal)).rejects.toMatchObject({
      code: 503, message: 'source main: HTTP 503: Service Unavailable; query: sum(queue_depth{}) by (queue)',
    });
  });

  test('are asked for once while several want to know the same', async () => {
    await discovery.update(signal);
    let release: () => void = () => {};
    prometheus.answerTo = () => new Promise((resolve) => { release = () => resolve(vector([[{}, 1]])); });
    const asked = [1, 2, 3].map(() => external.getExternalMetric('shop', everything, { metric: 'queue_depth' }, signal));
    await new Promise(setImmediate);
    release();
    expect((await Promise.all(asked)).length).toBe(3);
    expect(prometheus.queries.length).toBe(1);
  });

  test('that are not known are 503 with the reason until everything was listed once, then 404', async () => {
    const ask = () => external.getExternalMetric('shop', everything, { metric: 'nothing' }, signal);
    await expect(ask()).rejects.toMatchObject({ code: 503, message: 'metrics are not discovered yet: source main: it has not answered so far; query: http_requests_total{namespace!=""}' });
    prometheus.seriesOf = (selector) => {
      if (selector === 'queue_age') throw new SourceError('main', 'transport', 'connection refused', `query: ${selector}`);
      return SERIES[selector];
    };
    await discovery.update(signal);
    await expect(ask()).rejects.toMatchObject({
      code: 503, message: 'metrics are not discovered yet: source main: connection refused; query: queue_age',
    });
    expect(external.listAllExternalMetrics()).toEqual([{ metric: 'queue_depth' }]);
    prometheus.seriesOf = (selector) => SERIES[selector];
    await discovery.update(signal);
    await expect(ask()).rejects.toMatchObject({ code: 404, message: 'the server could not find the metric nothing' });
  });

  test('stay while Prometheus is away, and are looked for again soon', async () => {
    const stop = discovery.start();
    await new Promise(setImmediate);
    expect(clock.nextInMs).toBe(60_000);
    prometheus.seriesOf = () => { throw new SourceError('main', 'transport', 'connection refused', 'query: up'); };
    clock.advance(60_000);
    await new Promise(setImmediate);
    expect(external.listAllExternalMetrics().length).toBe(2);
    expect(clock.nextInMs).toBe(5_000);
    stop();
    await new Promise(setImmediate);
    expect(clock.pending).toBe(0);
  });

  test('whose resources nobody has told yet are 503 with who is waited for, and of which rule', async () => {
    objects.mapping = () => new Promise(() => {});
    void discovery.update(signal);
    await new Promise(setImmediate);
    await expect(custom.getMetricByName({ namespace: 'shop', name: 'web-0' }, PODS, everything, signal)).rejects.toMatchObject({
      code: 503, message: 'metrics are not discovered yet: source kubernetes: it has not answered so far; resources of config.yaml:4: rules[0]',
    });
  });

  test('whose resources nobody could tell are 503 with the reason, hold up no others, and are looked for again soon', async () => {
    const brands: CustomMetricInfo = { groupResource: { group: 'cheese.io', resource: 'brands' }, namespaced: false, metric: 'cheddar' };
    const ask = () => custom.getMetricByName({ namespace: '', name: 'mature' }, brands, everything, signal);
    objects.unanswered.add('brand');
    const stop = discovery.start();
    await new Promise(setImmediate);
    await expect(ask()).rejects.toMatchObject({ code: 503, message: 'metrics are not discovered yet: source kubernetes: etcd is away; resource brand' });
    expect(custom.listAllMetrics()).toContainEqual(PODS);
    expect(external.listAllExternalMetrics()).toHaveLength(2);
    const listings = prometheus.listings.length;
    objects.unanswered.clear();
    clock.advance(5_000);
    await new Promise(setImmediate);
    expect(custom.has(brands)).toBe(true);
    expect(prometheus.listings).toHaveLength(listings);
    expect(clock.nextInMs).toBe(55_000);
    stop();
  });

  test('stay while nobody can tell their resources', async () => {
    await discovery.update(signal);
    const before = custom.listAllMetrics();
    objects.unanswered.add('brand').add('pod');
    await discovery.update(signal);
    expect(custom.listAllMetrics()).toBe(before);
    await expect(custom.getMetricByName({ namespace: 'shop', name: 'web-0' }, { ...PODS, metric: 'nothing' }, everything, signal)).rejects.toMatchObject({ code: 404 });
  });
});
