import { ApiClient } from '../../../src/runtime/cluster/api-client';
import { MetricObjects } from '../../../src/runtime/metric-sources/metric-objects';
import { FakeApiServer, status, until } from '../cluster/fake-api-server';
import { configFor, RecordingLogger } from '../cluster/fixtures';
import { ManualClock } from '../manual-clock';

const SERVICES = { apiVersion: 'v1', resource: 'services', namespace: 'shop', labelSelector: 'app=web' };
const REFRESH_MS = 15_000;
const { signal } = new AbortController();
const nameOf = ({ metadata: { name } }: { readonly metadata: { readonly name: string } }) => name;

let server: FakeApiServer;
let clock: ManualClock;
let client: ApiClient;
let logger: RecordingLogger;
let objects: MetricObjects;

beforeEach(async () => {
  server = new FakeApiServer();
  server.set('web', { spec: { replicas: 3 } }, { namespace: 'shop' });
  clock = new ManualClock();
  logger = new RecordingLogger();
  client = new ApiClient({ config: configFor(await server.listen()), userAgent: 'test' });
  objects = new MetricObjects({ client, clock, random: () => 0, logger });
});

afterEach(async () => {
  objects.stop();
  client.close();
  await server.close();
});

const listsOfMetrics = () => server.lists().filter((url) => url.searchParams.get('limit') === '1000').length;

test('are followed by one watch for all metrics of the same objects, from the first question on', async () => {
  const names = objects.reading(SERVICES, nameOf, REFRESH_MS);
  const replicas = objects.reading(SERVICES, ({ spec }: any) => spec.replicas, REFRESH_MS);
  expect(server.requests).toEqual([]);
  expect([await names(signal), await replicas(signal)]).toEqual([['web'], [3]]);
  await until(() => server.watching === 1);
  const lists = listsOfMetrics();
  server.set('web', { spec: { replicas: 4 } }, { namespace: 'shop' });
  server.set('api', { spec: { replicas: 1 } }, { namespace: 'shop' });
  while (String(await replicas(signal)) !== '1,4') await new Promise(setImmediate);
  expect(await names(signal)).toEqual(['api', 'web']);
  expect(listsOfMetrics()).toBe(lists);
  expect(server.watches().map(({ pathname, searchParams }) => [pathname, searchParams.get('labelSelector')])).toEqual([['/api/v1/namespaces/shop/services', 'app=web']]);
});

test('are followed no longer some minutes after the last question', async () => {
  const names = objects.reading(SERVICES, nameOf, REFRESH_MS);
  await names(signal);
  await until(() => server.watching === 1);
  clock.advance(299_000);
  expect(await names(signal)).toEqual(['web']);
  clock.advance(299_000);
  expect(clock.pending).toBeGreaterThan(0);
  clock.advance(1_000);
  await until(() => server.watching === 0 && clock.pending === 0);
  const lists = listsOfMetrics();
  expect(await names(signal)).toEqual(['web']);
  expect(listsOfMetrics()).toBe(lists + 1);
});

test('are listed each time for a question that comes again when a watch would have ended', async () => {
  const names = objects.reading(SERVICES, nameOf, 300_000);
  for (let round = 1; round <= 3; round++) {
    expect(await names(signal)).toEqual(['web']);
    expect(listsOfMetrics()).toBe(round);
    clock.advance(300_000);
  }
  expect([server.watches(), server.lists().length, clock.pending]).toEqual([[], 3, 0]);
});

test('are listed each time where they may not be watched, of which one line warns', async () => {
  for (let i = 0; i < 3; i++) server.next({ code: 403, body: status(403, 'Forbidden', 'services is forbidden: User "x" cannot watch') }, (url) => url.searchParams.has('watch'));
  const names = objects.reading(SERVICES, nameOf, REFRESH_MS);
  await names(signal);
  await until(() => logger.lines.length > 0);
  clock.advance(1_000);
  await until(() => server.watches().length === 2);
  for (let i = 0; i < 3; i++) expect(await names(signal)).toEqual(['web']);
  expect(listsOfMetrics()).toBe(4);
  expect(logger.lines).toEqual([
    'W Cannot follow services that metrics are made of, retrying reason=services is forbidden: User "x" cannot watch off=following instead of listing needs=list, watch services in namespace shop',
  ]);
});

test('are not held where they are more than are read', async () => {
  for (let i = 0; i < 1001; i++) server.set(`web-${i}`);
  const names = objects.reading(SERVICES, nameOf, REFRESH_MS);
  await expect(names(signal)).rejects.toThrow('there are more than 1000; choose fewer by selector or namespace');
  expect(server.watches()).toEqual([]);
  server.delete('web-0');
  server.delete('web-1');
  expect(await names(signal)).toHaveLength(1000);
  await until(() => server.watching === 1);
  server.set('one-too-many');
  await expect((async () => {
    for (;; await new Promise(setImmediate)) await names(signal);
  })()).rejects.toThrow('there are more than 1000');
  await until(() => server.watching === 0);
});
