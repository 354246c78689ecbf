import { declaredSource } from './declared-source';
import { PodServers } from './pods/pod-servers';
import { readDocument } from '../../../src/runtime/configuration-file/document';
import { ByteRoom } from '../../../src/runtime/prometheus/byte-room';
import { PrometheusClient } from '../../../src/runtime/prometheus/prometheus-client';
import { sourceConfiguration } from '../../../src/runtime/prometheus/source-configuration';
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
  async function valueOfPod(what: string, context: { readonly room: ByteRoom }): Promise<number> {
    const asked = await declaredSource(`pods: {namespace: shop, selector: app=web, port: ${pods.port}, ${what}}`, { client: pods.client, ...context });
    const [{ value }] = await asked.samples(0, signal);
    return value;
  }

  test.each([
    ['a query', () => client.query('up', 0, signal), '{"status":"success","data":{"resultType":"scalar","result":[5,"1"]}}'],
    ['a document', () => client.document('/queues', 1_000_000, signal), '1'],
  ])('those of sources, such as that to %s, and those of pods wait for each other, and none fails', async (_, ask, rest) => {
    // In more than one chunk.
    pods.pages[0] = JSON.stringify({ a: 7, more: 'x'.repeat(1_000_000) });
    const first = ask();
    await until(() => held.mock.calls.length === 1);
    let found: number | undefined;
    const second = valueOfPod("json: {value: '{.a}'}", { room }).then((value) => { found = value; });
    await until(() => held.mock.calls.length === 2);
    // Who has another room is through meanwhile.
    expect(await valueOfPod("json: {value: '{.a}'}", { room: new ByteRoom() })).toBe(7);
    expect(found).toBeUndefined();
    finish(rest);
    await Promise.all([first, second]);
    expect(found).toBe(7);
  });

  test('none is a page in the text format, which waits for nobody', async () => {
    pods.pages[0] = 'a 7\n';
    const first = client.document('/queues', 1_000_000, signal);
    await until(() => held.mock.calls.length === 1);
    expect(await valueOfPod('series: a', { room })).toBe(7);
    finish('1');
    await first;
  });
});
