import { ApiClient } from '../../../src/runtime/cluster/api-client';
import { ClusterObjects, ResourceMapping } from '../../../src/runtime/custom-metrics/objects';
import { WatchedObjects } from '../../../src/runtime/custom-metrics/watched-objects';
import { parseSelector } from '../../../src/runtime/labels/selector';
import { FakeApiServer, isList, status } from '../cluster/fake-api-server';
import { configFor, RecordingLogger } from '../cluster/fixtures';
import { ManualClock } from '../manual-clock';

const PODS: ResourceMapping = { groupResource: { group: '', resource: 'pods' }, singular: 'pod', namespaced: true, apiVersion: 'v1', kind: 'Pod' };
const { signal } = new AbortController();

let server: FakeApiServer;
let client: ApiClient;
let lists: number;
let objects: WatchedObjects;
let clock: ManualClock;

beforeEach(async () => {
  server = new FakeApiServer();
  lists = 0;
  const fallback: ClusterObjects = {
    mapping: async () => PODS,
    names: async () => {
      lists++;
      return ['listed'];
    },
  };
  client = new ApiClient({ config: configFor(await server.listen()), userAgent: 'test' });
  clock = new ManualClock();
  objects = new WatchedObjects(fallback, { client, clock, random: () => 0, logger: new RecordingLogger() });
});

afterEach(async () => {
  objects.stop();
  client.close();
  await server.close();
});

const names = (namespace: string, selector = '') => objects.names(PODS.groupResource, namespace, parseSelector(selector), signal);
const until = async (expected: () => boolean | Promise<boolean>) => {
  while (!await expected()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('are listed at first, and known from then on, with what comes and goes', async () => {
  server.set('web-0', {}, { namespace: 'shop', labels: { app: 'web' } });
  server.set('db-0', {}, { namespace: 'shop', labels: { app: 'db' } });
  server.set('web-9', {}, { namespace: 'other', labels: { app: 'web' } });
  expect(await names('shop', 'app=web')).toEqual(['listed']);
  await until(async () => (await names('shop'))[0] !== 'listed');
  const listed = lists;
  expect(await names('shop', 'app=web')).toEqual(['web-0']);
  expect(await names('', 'app=web')).toEqual(['web-9', 'web-0']);
  await until(() => server.watching === 1);
  server.set('web-1', {}, { namespace: 'shop', labels: { app: 'web' } });
  server.delete('web-0');
  await until(async () => (await names('shop', 'app=web')).join() === 'web-1');
  expect(lists).toBe(listed);
});

test('are listed each time where they may not be followed', async () => {
  server.next({ code: 403, body: status(403, 'Forbidden', 'pods is forbidden') }, isList);
  expect(await names('shop')).toEqual(['listed']);
  await until(() => server.requests.length > 0);
  expect(await names('shop')).toEqual(['listed']);
  expect(await names('shop')).toEqual(['listed']);
  expect(server.watching).toBe(0);
});

test('are followed no longer some minutes after they were asked for last', async () => {
  await names('shop');
  await until(() => server.watching === 1);
  clock.advance(300_000);
  await until(() => server.watching === 0);
  expect(await names('shop')).toEqual(['listed']);
});
