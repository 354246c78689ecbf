import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiClient } from '../../../src/runtime/cluster/api-client';
import { WatchContext } from '../../../src/runtime/cluster/collection-watch';
import { LabelSets } from '../../../src/runtime/cluster/label-sets';
import { watchNodes } from '../../../src/runtime/cluster/nodes';
import { watchRunningPods } from '../../../src/runtime/cluster/pods';
import { WireObject } from '../../../src/runtime/cluster/reflector';
import { watchObject } from '../../../src/runtime/cluster/single-object';
import { ManualClock } from '../manual-clock';
import { FakeApiServer, isList, status, until } from './fake-api-server';
import { configFor, RecordingLogger } from './fixtures';

let server: FakeApiServer;
let clock: ManualClock;
let client: ApiClient;
let context: WatchContext;
let stop: (() => void) | undefined;

beforeEach(async () => {
  server = new FakeApiServer();
  clock = new ManualClock();
  client = new ApiClient({ config: configFor(await server.listen()), userAgent: 'test', clock });
  context = { client, clock, random: () => 0, logger: new RecordingLogger() };
});

afterEach(async () => {
  stop?.();
  client.close();
  await server.close();
});

async function follow(watch: { start(): void; stop(): void }): Promise<void> {
  stop = () => watch.stop();
  watch.start();
  await until(() => server.watching === 1);
}

test('a right to list that is missing is known until the list succeeds, whatever fails meanwhile', async () => {
  server.next({ code: 403, body: status(403, 'Forbidden', 'nodes is forbidden') }, isList);
  server.next({ code: 500, body: status(500, 'InternalError', 'etcd is away') }, isList);
  const failures: string[] = [];
  const watch = watchNodes({ ...context, labels: new LabelSets(), onFailure: ({ message }) => failures.push(message) });
  stop = () => watch.stop();
  expect(watch.forbidden).toBe(false);
  watch.start();
  for (const count of [1, 2]) {
    await until(() => failures.length === count);
    expect(watch.forbidden).toBe(true);
    clock.advance(30_000);
  }
  await until(() => watch.lister.synced);
  expect(watch.forbidden).toBe(false);
});

describe('nodes', () => {
  test('are kept with what scraping and serving need, and nothing else', async () => {
    const { metadata: { name, labels }, ...node } = JSON.parse(readFileSync(join(__dirname, '../../golden/cluster/node.json'), 'utf8'));
    server.set(name, node, { labels });
    const { lister, ...watch } = watchNodes({ ...context, labels: new LabelSets() });
    expect(lister.synced).toBe(false);
    await follow(watch);
    expect(lister.synced).toBe(true);
    expect(lister.list()).toEqual([{
      namespace: '',
      name: 'lab-node',
      labels: { values: labels, json: expect.stringContaining('"kubernetes.io/hostname":"lab-node"') },
      addresses: [{ type: 'InternalIP', address: '10.250.0.1' }, { type: 'Hostname', address: 'lab-node' }],
      kubeletPort: 10250,
      machine: '/e30ecd2d-9132-4bce-b597-91334316630e',
      metricsPath: undefined,
      metricsPort: undefined,
      ready: true,
      readyTransition: '2026-11-21T02:50:33Z',
      createdMs: 0,
      terminating: false,
    }]);
  });

  test('that say nothing of themselves are kept all the same', async () => {
    server.set('bare', {}, { uid: '1', annotations: { 'metrics.k8s.io/resource-metrics-path': '/other', 'metrics.k8s.io/resource-metrics-port': '9443' } });
    server.set('sick', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } });
    const { lister, ...watch } = watchNodes({ ...context, labels: new LabelSets() });
    await follow(watch);
    expect(lister.get('', 'bare')).toMatchObject({ machine: '1/', addresses: [], kubeletPort: 0, metricsPath: '/other', metricsPort: '9443', ready: false, createdMs: 0 });
    expect(lister.get('', 'sick')).toMatchObject({ ready: false });
  });

  test('are terminating when they are deleted, and when something that takes nodes away says so', async () => {
    server.set('deleted', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    for (const key of ['ToBeDeletedByClusterAutoscaler', 'karpenter.sh/disrupted', 'node.cloudprovider.kubernetes.io/shutdown', 'node.kubernetes.io/out-of-service', 'dedicated']) {
      server.set(key.replace(/.*\//, '').toLowerCase(), { spec: { taints: [{ key }] } });
    }
    const { lister, ...watch } = watchNodes({ ...context, labels: new LabelSets() });
    await follow(watch);
    expect(lister.list().filter(({ terminating }) => !terminating).map(({ name }) => name)).toEqual(['dedicated']);
  });

  test('that change are told of', async () => {
    const changed: string[] = [];
    const { lister, ...watch } = watchNodes({ ...context, labels: new LabelSets(), onChange: ({ name, ready }) => changed.push(`${name} ${ready}`) });
    server.set('a', {});
    await follow(watch);
    server.set('a', { status: { conditions: [{ type: 'Ready', status: 'True' }] } });
    await until(() => lister.get('', 'a')!.ready);
    expect(changed).toEqual(['a false', 'a true']);
  });
});

describe('pods', () => {
  test('are asked for as metadata of running pods alone', async () => {
    const { lister, ...watch } = watchRunningPods({ ...context, labels: new LabelSets(), containerStates: false });
    server.set('web-1', {}, { namespace: 'default', labels: { app: 'web' } });
    await follow(watch);
    const watched = ['/api/v1/pods', 'status.phase=Running', 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'];
    expect(server.requests.map(({ url, headers }) => [url.pathname, url.searchParams.get('fieldSelector'), headers.accept])).toEqual([
      watched,
      ['/api/v1/pods', 'status.phase=Running', 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'],
      watched,
    ]);
    expect(lister.get('default', 'web-1')).toEqual({ namespace: 'default', name: 'web-1', labels: { values: { app: 'web' }, json: '{"app":"web"}' } });
  });

  test('of one ReplicaSet share their labels; one that has ended is gone', async () => {
    const { lister, ...watch } = watchRunningPods({ ...context, labels: new LabelSets(), containerStates: false });
    for (const name of ['web-1', 'web-2']) server.set(name, {}, { namespace: 'default', labels: { app: 'web' } });
    await follow(watch);
    const [first, second] = lister.list('default');
    expect(first.labels).toBe(second.labels);
    server.delete('web-1');
    await until(() => lister.size === 1);
    expect(lister.get('default', 'web-1')).toBeUndefined();
  });
});

describe('pods with the states of their containers', () => {
  test('are asked for whole, and of each the names of what runs are kept, once for all that have the same', async () => {
    const { lister, ...watch } = watchRunningPods({ ...context, labels: new LabelSets(), containerStates: true });
    const states = { containerStatuses: [{ name: 'web', state: { running: {} } }, { name: 'agent', state: { running: {} } }] };
    for (const name of ['web-1', 'web-2']) server.set(name, { status: states }, { namespace: 'default' });
    server.set('virtual', { status: {} }, { namespace: 'default' });
    await follow(watch);
    expect(server.requests.map(({ headers }) => headers.accept)).toEqual(Array(3).fill('application/json'));
    expect(lister.get('default', 'web-1')).toEqual({
      namespace: 'default', name: 'web-1', labels: { values: {}, json: undefined }, living: ['agent', 'web'],
    });
    expect(lister.get('default', 'web-2')!.living).toBe(lister.get('default', 'web-1')!.living);
    expect(lister.get('default', 'virtual')!.living).toBeUndefined();

    server.set('web-1', { status: { containerStatuses: [] } }, { namespace: 'default' });
    await until(() => lister.get('default', 'web-1')!.living!.length === 0);
  });
});

describe('a single object', () => {
  interface ConfigMap extends WireObject {
    readonly data?: Record<string, string>;
  }

  function watchConfigMap(seen: (string | undefined)[]) {
    return watchObject<ConfigMap>({
      ...context, path: '/api/v1/namespaces/kube-system/configmaps', name: 'wanted', what: 'ConfigMap wanted', onChange: (object) => seen.push(object?.data?.key),
    });
  }

  test('is told as it is, as it changes, and when it goes and comes back', async () => {
    const seen: (string | undefined)[] = [];
    server.set('wanted', { data: { key: 'one' } });
    await follow(watchConfigMap(seen));
    server.set('wanted', { data: { key: 'two' } });
    server.set('neighbour', { data: { key: 'no' } });
    server.delete('wanted');
    server.set('wanted', { data: { key: 'three' } });
    await until(() => seen.length === 4);
    expect(seen).toEqual(['one', 'two', undefined, 'three']);
    expect(server.requests[0].url.searchParams.get('fieldSelector')).toBe('metadata.name=wanted');
  });

  test('that does not exist is told once', async () => {
    const seen: (string | undefined)[] = [];
    const watch = watchConfigMap(seen);
    expect(watch.synced).toBe(false);
    await follow(watch);
    expect(watch.synced).toBe(true);
    expect(seen).toEqual([undefined]);
  });

  test('that a new list shows unchanged is not told again', async () => {
    const seen: (string | undefined)[] = [];
    server.set('wanted', { data: { key: 'one' } });
    await follow(watchConfigMap(seen));
    server.send({ type: 'ERROR', object: { code: 410 } });
    await until(() => clock.nextInMs === 800);
    clock.advance(800);
    await until(() => server.watches().length === 2);
    server.set('wanted', { data: { key: 'two' } });
    await until(() => seen.length === 2);
    expect(seen).toEqual(['one', 'two']);
  });
});
