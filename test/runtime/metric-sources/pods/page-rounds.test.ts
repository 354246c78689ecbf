import { PodServers } from './pod-servers';
import { readConfiguration } from '../../../../src/runtime/configured-metrics/configuration/configuration';
import { SampleSource } from '../../../../src/runtime/metric-sources/sample-source';
import { SourceMetrics } from '../../../../src/runtime/prometheus/measured-prometheus';
import { MetricRegistry } from '../../../../src/runtime/telemetry/metric-registry';
import { ManualClock } from '../../manual-clock';
import { sourceContext } from '../declared-source';

describe('metrics of the same page', () => {
  let clock: ManualClock;
  let registry: MetricRegistry;
  let pods: PodServers;

  beforeEach(async () => {
    clock = new ManualClock();
    registry = new MetricRegistry();
    pods = await PodServers.start(2);
  });
  afterEach(() => pods.stop());

  /** Of one configuration, by what each of them reads of the page. */
  async function open(...metrics: string[]): Promise<SampleSource[]> {
    const declared = metrics.map((fields, i) => `- {name: m${i}, pods: {namespace: shop, selector: app=web, port: ${pods.port}, ${fields}}}`);
    const configuration = await readConfiguration('config.yaml', `metrics:\n${declared.join('\n')}`);
    const context = sourceContext({ client: pods.client, clock, sourceMetrics: new SourceMetrics(registry, clock) });
    return configuration.metrics.map((metric) => metric.origin.open(metric, context));
  }
  const ask = async (source: SampleSource) => {
    const samples = await source.samples(clock.now(), new AbortController().signal);
    return samples.map(({ value, timestampMs }) => [value, timestampMs]);
  };
  const until = async (condition: () => boolean) => { while (!condition()) await new Promise(setImmediate); };
  const serve = (page: string) => pods.pages.splice(0, 2, page, { code: 500 });

  test('have it asked for once in an interval, of the time at which it was', async () => {
    const sources = await open('series: a', 'series: b', 'series: \'b{c="d"}\'');
    const beganMs = clock.now();
    serve('a 1\nb 2\nb{c="d"} 3\n');
    expect(await Promise.all(sources.map(ask))).toEqual([[[1, beganMs]], [[2, beganMs], [3, beganMs]], [[3, beganMs]]]);
    const requests = pods.requests.length;
    for (let interval = 1; interval < 4; interval++) {
      clock.advance(13_000);
      const nowMs = clock.now();
      serve(`a ${interval}\nb ${interval}\n`);
      expect(await ask(sources[interval % 2])).toEqual([[interval, nowMs]]);
      clock.advance(1_000);
      expect(await ask(sources[(interval + 1) % 2])).toEqual([[interval, nowMs]]);
      clock.advance(1_000);
      expect(await ask(sources[2])).toEqual([]);
      expect(pods.requests).toHaveLength(requests + 2 * interval);
    }
  });

  test('are given no page twice, and none that is older than an interval', async () => {
    const [first, second] = await open('series: a', 'series: b');
    serve('a 1\nb 1\n');
    await Promise.all([first, second].map(ask));
    serve('a 2\nb 2\n');
    const beganMs = clock.now();
    expect(await ask(first)).toEqual([[2, beganMs]]);
    serve('a 3\nb 3\n');
    clock.advance(15_000);
    expect(await ask(second)).toEqual([[3, beganMs + 15_000]]);
  });

  test('count a request for each of them', async () => {
    const [first, second] = await open('series: a', 'series: b');
    serve('a 1\nb 1\n');
    await Promise.all([first, second].map(ask));
    for (const metric of ['m0', 'm1']) {
      for (const code of [200, 500]) expect(registry.render()).toContain(`metrics_server_metric_source_request_total{source="pods/${metric}",code="${code}"} 1\n`);
    }
  });

  test('fail alone', async () => {
    const [first, second] = await open('series: a', 'series: b');
    serve('a many\nb 2\n');
    await expect(ask(first)).rejects.toThrow('source pods/m0: none of 2 pods answers: line 1 is not of the text format');
    expect(await ask(second)).toEqual([[2, clock.now()]]);
  });

  test('have requests of their own where they differ in access, interval, or format', async () => {
    const sources = await open('series: a', 'series: a, headers: {X-Tenant: b}', "json: {value: '{.a}'}, headers: {Accept: '*/*'}", 'series: a, headers: {Accept: "*/*"}');
    pods.pages.splice(0, 2, 'a 1\n', '{"a":1}');
    await Promise.all(sources.map(ask));
    expect(pods.requests).toHaveLength(8);
  });

  test('have them from pods that answer, whatever others do', async () => {
    await pods.stop();
    pods = await PodServers.start(20);
    const [source] = await open('series: a');
    pods.pages.fill('silence', 0, 18);
    pods.pages.fill('a 1\n', 18);
    const answered = (count: number) => until(() => registry.render().includes(`request_total{source="pods/m0",code="200"} ${count}\n`));

    const first = ask(source);
    await until(() => pods.requests.length === 16);
    clock.advance(500);
    await answered(2);
    clock.advance(10_000);
    expect((await first).map(([value]) => value)).toEqual([1, 1]);
    // They are asked first the next time.
    clock.advance(5_000);
    const second = ask(source);
    await answered(4);
    clock.advance(10_500);
    expect((await second).map(([value]) => value)).toEqual([1, 1]);
  });

  test('have no more than 256 pods let them wait: a part of the page of each may be there', async () => {
    await pods.stop();
    pods = await PodServers.start(3);
    pods.pages.fill('silence');
    pods.items = Array.from({ length: 300 }, (_, i) => ({
      metadata: { namespace: 'shop', name: `web-${i}`, uid: `uid-${i}` }, status: { podIP: `127.0.0.${1 + i % 3}` },
    }));
    const [source] = await open('series: a');
    const controller = new AbortController();
    const asked = source.samples(0, controller.signal);
    for (let count = 16; count <= 256; count += 16) {
      await until(() => pods.requests.length === count);
      clock.advance(500);
    }
    for (let i = 0; i < 100; i++) await new Promise(setImmediate);
    expect(pods.requests.length).toBe(256);
    // The first of them have not answered in 10 s.
    clock.advance(2_000);
    await until(() => pods.requests.length === 272);
    controller.abort(new Error('nobody waits'));
    await expect(asked).rejects.toThrow('nobody waits');
  });

  test('give up a round when none of them waits any longer', async () => {
    const [first, second] = await open('series: a', 'series: b');
    pods.pages.splice(0, 2, 'silence', 'silence');
    const controllers = [new AbortController(), new AbortController()];
    const asked = [first, second].map((source, i) => source.samples(0, controllers[i].signal));
    while (pods.requests.length < 2) await new Promise(setImmediate);
    controllers[0].abort(new Error('the first has gone'));
    await expect(asked[0]).rejects.toThrow('the first has gone');
    expect(pods.requests.some(({ socket }) => socket.destroyed)).toBe(false);
    controllers[1].abort(new Error('the second has gone'));
    await expect(asked[1]).rejects.toThrow('the second has gone');
    while (!pods.requests.every(({ socket }) => socket.destroyed)) await new Promise(setImmediate);
  });
});
