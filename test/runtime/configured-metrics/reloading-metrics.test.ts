import { Stop } from '../../../src/runtime/clock';
import { ReloadingMetrics } from '../../../src/runtime/configured-metrics/reloading-metrics';
import { Selector } from '../../../src/runtime/labels/selector';
import { SourceMetrics } from '../../../src/runtime/prometheus/measured-prometheus';
import { SourceOutcomes } from '../../../src/runtime/prometheus/source-outcomes';
import { Logger } from '../../../src/runtime/telemetry/logger';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { TempDir } from '../cluster/temp-dir';
import { FakeClusterObjects } from '../custom-metrics/fake-cluster-objects';
import { ManualClock } from '../manual-clock';
import { sourceContext } from '../metric-sources/declared-source';
import { failure, PrometheusServer, success } from '../prometheus/prometheus-server';

const { signal } = new AbortController();

describe('the metrics of a configuration file', () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const line = (message: string, fields = {}) => lines.push([message, ...Object.values(fields)].join(': '));
  const log: Logger = { info: line, warn: line, error: line, verbose: () => {} };
  let directory: TempDir;
  let server: PrometheusServer;
  /** Its queries fail. */
  let isDown: boolean;
  /** Its listings of series fail. */
  let listsNothing: boolean;
  let registry: MetricRegistry;
  let objects: FakeClusterObjects;
  let metrics: ReloadingMetrics;
  let stop: Stop;

  const configure = (metric: string, ofSource = '') => directory.write('config.yaml', `
sources: [{name: main, url: "${server.url}"${ofSource}}]
metrics: [{${metric}}]
rules:
- seriesQuery: http_requests_total
  resources: {template: <<.Resource>>}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)
`);
  const value = (metric: string) => metrics.getExternalMetric('shop', Selector.everything, { metric }, signal)
    .then(([first]) => String(first.value), ({ code }) => code as number);
  /** Until what was started has come to its end: sockets take their time. */
  const until = async (condition: () => boolean) => { while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5)); };

  const isReloaded = () => lines.some((one) => one.startsWith('configuration reloaded'));

  beforeEach(async () => {
    lines.length = 0;
    directory = new TempDir();
    registry = new MetricRegistry();
    isDown = listsNothing = false;
    server = await PrometheusServer.start((request, response) => {
      const { query } = request.parameters;
      if (request.path.endsWith('/series') ? listsNothing : isDown) return failure(502, '')(request, response);
      const data = request.path.endsWith('/series')
        ? [{ __name__: 'http_requests_total', namespace: 'shop', pod: 'web-0' }]
        : { resultType: 'vector', result: [{ metric: query.includes('pod') ? { pod: 'web-0' } : {}, value: [1, String(query.length)] }] };
      success(data)(request, response);
    });
    objects = new FakeClusterObjects(['web-0']);
    metrics = await ReloadingMetrics.load({
      file: configure('name: queue, query: queue_depth'),
      registry,
      ...sourceContext({ clock, sourceMetrics: new SourceMetrics(registry, clock), sourceOutcomes: new SourceOutcomes(registry, clock, log) }),
      objects,
      random: () => 0.5,
      log,
      relistIntervalMs: 60_000,
      maxAgeMs: 60_000,
    });
    stop = metrics.start();
    await until(() => metrics.listAllMetrics().length > 0);
  });

  afterEach(async () => {
    stop();
    await server.stop();
    directory.remove();
  });

  test('are those that are declared and those that rules find', async () => {
    expect(metrics.listAllExternalMetrics()).toEqual([{ metric: 'queue' }]);
    const info = { groupResource: { group: '', resource: 'pods' }, namespaced: true, metric: 'http_requests_total' };
    expect(metrics.listAllMetrics()).toContainEqual(info);
    expect(await value('queue')).toBe('11');
    expect((await metrics.getMetricByName({ namespace: 'shop', name: 'web-0' }, info, Selector.everything, signal)).objectName).toBe('web-0');
    expect((await metrics.getMetricBySelector('shop', Selector.everything, info, Selector.everything, signal)).length).toBe(1);
  });

  test('are counted and have an age', async () => {
    await value('queue');
    const text = registry.render();
    expect(text).toMatch(/metrics_server_metric_source_request_total\{source="main",code="200"\} 2\n/);
    expect(text).toContain('metrics_server_declared_metric_age_seconds{metric="queue"} 0\n');
    expect(text).toContain('metrics_server_declared_metric_stale{metric="queue"} 0\n');
    expect(text).toContain('metrics_server_declared_metric_empty{metric="queue"} 0\n');
    expect(text).toContain('metrics_server_configuration_last_reload_successful 1\n');
  });

  test('change with the file, as a whole', async () => {
    configure('name: other, query: other_queue_depth');
    clock.advance(5_000);
    await until(() => lines.length > 0);
    expect(lines).toEqual([`configuration reloaded: ${directory.path}/config.yaml`]);
    expect([await value('queue'), await value('other')]).toEqual([404, '17']);
    expect(registry.render()).toContain('metrics_server_configuration_reload_total{success="true"} 1\n');
  });

  test('are asked for by one configuration at a time, and a source stays as it is known', async () => {
    await value('queue');
    const up = () => /metrics_server_metric_source_up\{.*/.exec(registry.render())?.[0];
    const polls = (query: string) => server.requests.filter(({ parameters }) => parameters.query === query).length;
    configure('name: other, query: other_queue_depth');
    clock.advance(5_000);
    await until(() => lines.length > 0);
    await value('other');
    for (let seconds = 0; seconds < 45; seconds += 15) {
      const before = polls('other_queue_depth');
      clock.advance(15_000);
      await new Promise(setImmediate);
      expect(up()).toBe('metrics_server_metric_source_up{source="main"} 1');
      await until(() => polls('other_queue_depth') > before);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(polls('queue_depth')).toBe(1);
  });

  test('stay until those of the next configuration are known', async () => {
    const listed = metrics.listAllMetrics();
    objects.unanswered.add('pod');
    configure('name: other, query: other_queue_depth');
    clock.advance(5_000);
    await until(() => lines.length > 0);
    expect(lines).toEqual([expect.stringMatching(/^resources of metrics cannot be found: .*config\.yaml:5: rules\[0\]: source kubernetes: etcd is away; resource pod$/)]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(metrics.listAllMetrics()).toBe(listed);
    objects.unanswered.clear();
    clock.advance(5_000);
    await until(() => lines.length > 1);
    expect(lines[1]).toBe(`configuration reloaded: ${directory.path}/config.yaml`);
    expect(metrics.listAllMetrics()).toEqual(listed);
  });

  test('of what stays the same go on with their last values, whatever comes beside them', async () => {
    configure('name: queue, query: queue_depth, maxAge: 5m}, {name: twice, formula: queue * 2, maxAge: 5m');
    clock.advance(5_000);
    await until(() => lines.length > 0);
    expect([await value('queue'), await value('twice')]).toEqual(['11', '22']);
    isDown = true;
    clock.advance(60_000);
    configure('name: other, query: other_queue_depth}, {name: queue, query: queue_depth, maxAge: 5m}, {name: twice, formula: queue * 2, maxAge: 5m');
    clock.advance(5_000);
    await until(() => lines.filter((one) => one.startsWith('configuration reloaded')).length === 2);
    expect([await value('queue'), await value('twice'), await value('other')]).toEqual(['11', '22', 503]);
  });

  test('of rules go on with the series that were found, when those cannot be listed', async () => {
    const listed = metrics.listAllMetrics();
    listsNothing = true;
    configure('name: other, query: other_queue_depth');
    while (!isReloaded()) {
      clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(metrics.listAllMetrics()).toEqual(listed);
    const info = { groupResource: { group: '', resource: 'pods' }, namespaced: true, metric: 'http_requests_total' };
    expect((await metrics.getMetricByName({ namespace: 'shop', name: 'web-0' }, info, Selector.everything, signal)).objectName).toBe('web-0');
  });

  test('go on with their last values when it changes how long those are good, and how that is written', async () => {
    await value('queue');
    isDown = true;
    configure('query: queue_depth, source: main, name: queue, refresh: 30s, maxAge: 10m, onEmpty: zero, minimum: 0');
    clock.advance(5_000);
    await until(isReloaded);
    expect(await value('queue')).toBe('11');
  });

  test.each([
    ['query', 'name: queue, query: another_queue_depth', ''],
    ['source', 'name: queue, query: queue_depth', ', verb: POST'],
  ])('do not go on with those of another %s', async (_, metric, ofSource) => {
    expect(await value('queue')).toBe('11');
    isDown = true;
    configure(metric, ofSource);
    clock.advance(5_000);
    await until(isReloaded);
    expect(await value('queue')).toBe(503);
  });

  test('stay while the next ones need files that are not there, and change when they come', async () => {
    const token = `${directory.path}/token`;
    configure('name: other, query: other_queue_depth', `, bearerTokenFile: "${token}"`);
    clock.advance(5_000);
    await until(() => lines.length > 0);
    clock.advance(5_000);
    await new Promise(setImmediate);
    expect(lines).toEqual([
      `configuration cannot be used, the last good one stays: ${directory.path}/config.yaml: ${token} cannot be read (ENOENT); it is used once they can`,
    ]);
    expect(await value('queue')).toBe('11');
    expect(registry.render()).toContain('metrics_server_configuration_last_reload_successful 0\n');
    directory.write('token', 'secret');
    clock.advance(5_000);
    await until(() => lines.length > 1);
    expect(lines[1]).toBe(`configuration reloaded: ${directory.path}/config.yaml`);
    expect(await value('other')).toBe('17');
  });

  test('stay when the file cannot be used, which is told', async () => {
    configure('name: queue, query: queue_depth, onNaN: never');
    clock.advance(5_000);
    await until(() => lines.length > 0);
    expect(lines).toEqual([`configuration cannot be used, the last good one stays: ${directory.path}/config.yaml:3: `
      + 'metrics[0].onNaN is "never"; give one of error, zero, skip, last']);
    expect(await value('queue')).toBe('11');
    expect(registry.render()).toContain('metrics_server_configuration_last_reload_successful 0\n');
  });
});
