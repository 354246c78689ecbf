import { askOnce, declaredSource, refusalOf } from './declared-source';
import { readDocument } from '../../../src/runtime/configuration-file/document';
import { ByteRoom } from '../../../src/runtime/prometheus/byte-room';
import { PrometheusClient } from '../../../src/runtime/prometheus/prometheus-client';
import { sourceConfiguration } from '../../../src/runtime/prometheus/source-configuration';
import { Sources } from '../../../src/runtime/prometheus/sources';
import { TempDir } from '../cluster/temp-dir';
import { ManualClock } from '../manual-clock';
import { PrometheusServer, ReceivedRequest } from '../prometheus/prometheus-server';

describe('a JSON document of a source', () => {
  const directory = new TempDir();
  let server: PrometheusServer;
  let client: PrometheusClient;
  let answer: { code: number; body: string };

  beforeEach(async () => {
    server = await PrometheusServer.start((_: ReceivedRequest, response) => response.writeHead(answer.code).end(answer.body));
    directory.write('token', 'let-me-in');
    const configuration = `{name: shop, url: "${server.url}/api/", verb: POST, bearerTokenFile: ${directory.path}/token}`;
    client = new PrometheusClient(sourceConfiguration(await readDocument('c', configuration)), new ManualClock(), 'test', new ByteRoom());
  });
  afterEach(async () => {
    client.close();
    await server.stop();
  });
  afterAll(() => directory.remove());

  async function ask(http: string, body: unknown, code = 200) {
    answer = { code, body: typeof body === 'string' ? body : JSON.stringify(body) };
    return askOnce(await declaredSource(`http: ${http}`, { sources: new Sources([client]) }), 7);
  }
  const samples = (http: string, body: unknown) => ask(http, body).then((asked) => asked.samples.map(({ labels, value }) => [labels, value]));

  test('is got by the credentials of the source, below its URL', async () => {
    const { samples: [sample], exchanges } = await ask("{path: '/orders?state=open', value: '{.count}'}", { count: 4, password: 'hunter2' });
    expect(sample).toEqual({ labels: {}, value: 4, timestampMs: 7 });
    expect(server.requests).toEqual([expect.objectContaining({ method: 'GET', path: '/api/orders', parameters: { state: 'open' } })]);
    expect(server.requests[0].headers.authorization).toBe('Bearer let-me-in');
    expect(exchanges).toEqual([{ source: 'shop', asked: `GET ${server.url}/api/orders?state=open`, answer: '[{"labels":{},"value":4,"timestampMs":7}]' }]);
  });

  test.each([
    ["{path: /, value: '{.}'}", { password: 'hunter2' }, 'it has an object at {.}; give a path to a number'],
    ["{path: /, value: '{.password}'}", { password: 'hunter2' }, 'it has a text that is no number at {.password}'],
    ["{path: /, value: '{.count}', labels: {all: '{.}'}}", { count: 1, password: 'hunter2' }, 'it has an object at {.}; give a path to a text for a label'],
    ["{path: /, value: '{.count}', labels: {all: '{.all}'}}", { count: 1, all: ['hunter2'] }, 'it has a list at {.all}; give a path to a text for a label'],
  ])('shows nobody what else it holds: %s', async (http, body, problem) => {
    const { message } = await ask(http, body).then(() => new Error('it has samples'), (error: Error) => error);
    expect(message).toContain(problem);
    expect(message).not.toContain('hunter2');
  });

  test('gives a sample for each of its items, with labels', async () => {
    const rules = "{path: /, items: '{.queues[*]}', value: '{.depth}', labels: {queue: '{.name}', shard: '{.shard}', zone: '{.zone}'}}";
    expect(await samples(rules, { queues: [{ name: 'mail', shard: 1, depth: 2 }, { name: 'web', depth: '1500m' }, { name: 'new' }] })).toEqual([
      [{ queue: 'mail', shard: '1' }, 2], [{ queue: 'web' }, 1.5],
    ]);
  });

  test.each([
    ["{path: /, value: '{.}'}", 42, [42]],
    ["{path: /, value: '{.a}'}", { a: '64Mi' }, [64 * 1024 * 1024]],
    ["{path: /, value: '{.a}'}", { a: true }, [1]],
    ["{path: /, value: '{.a[?(@.type==\"Ready\")].status}'}", { a: [{ type: 'Ready', status: 'False' }] }, [0]],
    ["{path: /, value: '{.a[*]}'}", { a: [1, 2] }, [1, 2]],
    ["{path: /, value: '{.a}'}", { a: null }, []],
    ["{path: /, value: '{.a}', absent: 0}", {}, [0]],
  ])('%s of %j gives %j', async (http, body, values) => {
    expect((await samples(http, body)).map(([, value]) => value)).toEqual(values);
  });

  test.each([
    [{ a: 'many' }, 200, 'source shop: it has a text that is no number at {.a}; give a path to a number, a quantity such as 250m, true or false; GET URL/api/q'],
    ['<html>', 200, 'source shop: it is no JSON; GET URL/api/q'],
    ['{"error":"no such queue"}', 404, 'source shop: HTTP 404: Not Found; GET URL/api/q'],
    [`"${'x'.repeat(4 * 1024 * 1024)}"`, 200, 'source shop: the answer has more than 4194304 bytes; GET URL/api/q'],
  ])('that cannot be used is said to be so', async (body, code, message) => {
    await expect(ask("{path: /q, value: '{.a}'}", body, code)).rejects.toThrow(message.replace('URL', server.url));
  });
});

test.each([
  ["http: {path: orders, value: '{.a}'}", '.http.path is "orders"; give what follows the URL of the source, such as /api/queues?state=open'],
  ['http: {path: /}', '.http.value is missing; give a JSON path such as {.depth}'],
  ["http: {path: /, value: '{.a[1:2]}'}", '.http.value is "{.a[1:2]}", a JSON path that cannot be used, at character 6: there is ":", where a path has ]: there are no slices nor unions'],
  ["http: {path: /, value: '{.a}', labels: {1a: '{.b}'}}", '.http.labels.1a is no label; give letters, digits, _, . and -'],
  ["http: {path: /, value: '{.a}', absent: none}", '.http.absent is "none"; give a number'],
  ["http: {path: /, value: '{.a}'}, query: up", ' has both query and http; give one of them'],
])('%s is refused', async (fields, message) => {
  expect(await refusalOf(fields)).toBe(`config.yaml:3: metrics[0]${message}`);
});
