import { declaredSource, sourceContext } from './declared-source';
import { PodServers } from './pods/pod-servers';
import { readDocument } from '../../../src/runtime/configuration-file/document';
import { readConfiguration } from '../../../src/runtime/configured-metrics/configuration/configuration';
import { ConfiguredMetrics } from '../../../src/runtime/configured-metrics/configured-metrics';
import { Selector } from '../../../src/runtime/labels/selector';
import { ByteRoom } from '../../../src/runtime/prometheus/byte-room';
import { PrometheusClient } from '../../../src/runtime/prometheus/prometheus-client';
import { sourceConfiguration } from '../../../src/runtime/prometheus/source-configuration';
import { silentLogger } from '../../../src/runtime/telemetry/logger';
import { FakeClusterObjects } from '../custom-metrics/fake-cluster-objects';
import { ManualClock } from '../manual-clock';
import { PrometheusServer } from '../prometheus/prometheus-server';

const ROOM_BYTES = 1000;
const { signal } = new AbortController();

describe('of answers that are held until all of them is there', () => {
  let source: PrometheusServer;
  let pods: PodServers;
  let client: PrometheusClient;
  let room: ByteRoom;
  let held: jest.SpyInstance;
  let finish: (rest: string) => void;

  beforeEach(async () => {
    // More than there is room for, and not all of it.
    source = await PrometheusServer.start((_, response) => {
      response.write(' '.repeat(2 * ROOM_BYTES));
      finish = (rest) => response.end(rest);
    });
    pods = await PodServers.start(1);
    room = new ByteRoom(ROOM_BYTES);
    held = jest.spyOn(room, 'run');
    client = new PrometheusClient(sourceConfiguration(await readDocument('c', `{name: shop, url: "${source.url}"}`)), new ManualClock(), 'test', room);
  });
  afterEach(async () => {
    client.close();
    await source.stop();
    await pods.stop();
  });

  const until = async (done: () => boolean) => { while (!done()) await new Promise(setImmediate); };

  /** The value that the page of the pod has. */
  async function valueOfPod(what: string, podRoom = new ByteRoom(ROOM_BYTES)): Promise<number> {
    const asked = await declaredSource(`pods: {namespace: shop, selector: app=web, port: ${pods.port}, ${what}}`, { client: pods.client, podRoom });
    const [{ value }] = await asked.samples(0, signal);
    return value;
  }

  const ASKED: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    ['a query', () => client.query('up', 0, signal), '{"status":"success","data":{"resultType":"scalar","result":[5,"1"]}}'],
    ['a document', () => client.document('/queues', 1_000_000, signal), '1'],
  ];

  test.each(ASKED)('those in one room, such as that to %s, wait for each other, and none fails', async (_, ask, rest) => {
    // In more than one chunk.
    pods.pages[0] = JSON.stringify({ a: 7, more: 'x'.repeat(1_000_000) });
    const first = ask();
    await until(() => held.mock.calls.length === 1);
    let found: number | undefined;
    const second = valueOfPod("json: {value: '{.a}'}", room).then((value) => { found = value; });
    await until(() => held.mock.calls.length === 2);
    // Who has another room is through meanwhile: pods have one of their own.
    expect(await valueOfPod("json: {value: '{.a}'}")).toBe(7);
    expect(found).toBeUndefined();
    finish(rest);
    await Promise.all([first, second]);
    expect(found).toBe(7);
  });

  test('one that waits for a slow one of another source takes none of its own time, which it has when its turn comes', async () => {
    const clock = new ManualClock();
    let rest = () => {};
    const other = await PrometheusServer.start((_, response) => {
      response.write(' '.repeat(1_000_000));
      rest = () => response.end('{"status":"success","data":{"resultType":"scalar","result":[5,"2"]}}');
    });
    const healthy = new PrometheusClient(sourceConfiguration(await readDocument('c', `{name: main, url: "${other.url}", timeout: 5s}`)), clock, 'test', room);
    const slow = client.query('up', 0, signal);
    await until(() => held.mock.calls.length === 1);
    const outcome: unknown[] = [];
    const asked = healthy.query('up', 0, signal).then((answer) => outcome.push(answer.samples[0].value), (error: Error) => outcome.push(error.message));
    await until(() => held.mock.calls.length === 2 && clock.pending === 0);
    clock.advance(60_000);
    finish('{"status":"success","data":{"resultType":"scalar","result":[5,"1"]}}');
    await slow;
    await until(() => clock.pending === 1);
    clock.advance(4_999);
    expect(outcome).toEqual([]);
    rest();
    await asked;
    expect(outcome).toEqual([2]);
    const late = expect(healthy.query('up', 0, signal)).rejects.toThrow('source main: no answer in 5 s; query: up');
    await until(() => clock.pending === 1);
    clock.advance(5_000);
    await late;
    healthy.close();
    await other.stop();
  });

  test('those of a configuration\'s sources and of its pods do not wait for each other', async () => {
    pods.pages[0] = JSON.stringify({ a: 7, more: 'x'.repeat(1_000_000) });
    const metrics = new ConfiguredMetrics({
      configuration: await readConfiguration('config.yaml', `metrics: [{name: a, pods: {namespace: shop, selector: app=web, port: ${pods.port}, json: {value: '{.a}'}}}]`),
      objects: new FakeClusterObjects(['web-0']),
      ...sourceContext({ client: pods.client }),
      room,
      random: () => 0.5,
      log: silentLogger,
      relistIntervalMs: 60_000,
      maxAgeMs: 60_000,
    });
    const stop = metrics.start();
    const first = client.query('up', 0, signal);
    await until(() => held.mock.calls.length === 1);
    const info = { groupResource: { group: '', resource: 'pods' }, namespaced: true, metric: 'a' };
    const { value } = await metrics.getMetricByName({ namespace: 'shop', name: 'web-0' }, info, Selector.everything, signal);
    expect(String(value)).toBe('7');
    finish('{"status":"success","data":{"resultType":"scalar","result":[5,"1"]}}');
    await first;
    stop();
  });

  test('none is a page in the text format, which waits for nobody', async () => {
    pods.pages[0] = 'a 7\n';
    const first = client.document('/queues', 1_000_000, signal);
    await until(() => held.mock.calls.length === 1);
    expect(await valueOfPod('series: a', room)).toBe(7);
    finish('1');
    await first;
  });
});
