import { KubeObject } from './kube-object';
import { SimulatedCluster, startSimulatedCluster } from './simulated-cluster';
import { BOOKMARK_INTERVAL_MS } from './watch';
import { WatchStream } from './watch-stream';
import { ManualClock } from '../runtime/manual-clock';

const clock = new ManualClock();
const watches: WatchStream[] = [];
let cluster: SimulatedCluster;

beforeEach(async () => { cluster = await startSimulatedCluster({ nodes: 2, pods: 5, clock }); });
afterEach(async () => {
  watches.splice(0).forEach((watch) => watch.close());
  await cluster.stop();
});

describe('list', () => {
  test('pages show what the first page saw', async () => {
    const first = await list('/api/v1/pods?limit=2');
    expect(first.items).toHaveLength(2);
    expect(first.metadata.remainingItemCount).toBe(3);
    cluster.apply(pod('zz-late'));
    const second = await list(`/api/v1/pods?limit=2&continue=${first.metadata.continue}`);
    const third = await list(`/api/v1/pods?limit=2&continue=${second.metadata.continue}`);
    expect([first, second, third].flatMap(({ items }) => items)).toHaveLength(5);
    expect(third.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
    expect((await list('/api/v1/nodes')).items).toHaveLength(2);
  });

  test('a page of a compacted list is 410', async () => {
    const { metadata } = await list('/api/v1/pods?limit=2');
    cluster.apply(pod('another'));
    cluster.store.compact();
    expect(await cluster.request('GET', `/api/v1/pods?limit=2&continue=${metadata.continue}`)).toMatchObject({ code: 410, body: { reason: 'Expired' } });
  });

  test('fields and labels select', async () => {
    cluster.apply(pod('done', 'Succeeded'));
    expect((await list('/api/v1/pods?fieldSelector=status.phase=Running')).items).toHaveLength(5);
    expect((await list('/api/v1/nodes?fieldSelector=metadata.name=node-2')).items.map(({ metadata }: KubeObject) => metadata.name)).toEqual(['node-2']);
    expect((await list('/api/v1/nodes?labelSelector=kubernetes.io/hostname in (node-1,x)')).items).toHaveLength(1);
    expect((await list('/api/v1/nodes?labelSelector=kubernetes.io/os!=linux')).items).toHaveLength(0);
  });
});

describe('watch', () => {
  test('goes on where a list ended, and shows each change', async () => {
    const { metadata } = await list('/api/v1/pods');
    cluster.apply(pod('a'));
    const watch = await open(`/api/v1/pods?watch=true&resourceVersion=${metadata.resourceVersion}`);
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { kind: 'Pod', metadata: { name: 'a' } } });
    cluster.apply({ ...pod('a'), metadata: { ...pod('a').metadata, labels: { app: 'x' } } });
    expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { metadata: { labels: { app: 'x' } } } });
    await cluster.request('DELETE', '/api/v1/namespaces/default/pods/a');
    expect(await watch.next()).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'a' } } });
  });

  test('without a revision starts with what there is', async () => {
    const watch = await open('/api/v1/nodes?watch=1');
    expect([await watch.next(), await watch.next()].map((event) => event!.object.metadata.name)).toEqual(['node-1', 'node-2']);
  });

  test('an object that no longer matches the selector is deleted, one that newly does is added', async () => {
    cluster.apply(pod('a', 'Pending'));
    const watch = await open(`/api/v1/pods?watch=true&fieldSelector=status.phase=Running&resourceVersion=${cluster.store.revision}`);
    cluster.apply(pod('a', 'Running'));
    expect((await watch.next())!.type).toBe('ADDED');
    cluster.apply(pod('a', 'Succeeded'));
    expect((await watch.next())!.type).toBe('DELETED');
  });

  test('can show metadata only', async () => {
    const watch = await open('/api/v1/pods?watch=true', 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
    const { object } = (await watch.next())!;
    expect(object).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' });
    expect(object.spec).toBeUndefined();
  });

  test('sends bookmarks to those who allow them, and ends when its time is up', async () => {
    const watch = await open(`/api/v1/nodes?watch=true&resourceVersion=${cluster.store.revision}&allowWatchBookmarks=true&timeoutSeconds=90`);
    cluster.apply(pod('elsewhere'));
    clock.advance(BOOKMARK_INTERVAL_MS);
    expect(await watch.next()).toEqual({
      type: 'BOOKMARK', object: { kind: 'Node', apiVersion: 'v1', metadata: { resourceVersion: String(cluster.store.revision) } },
    });
    clock.advance(30_000);
    expect(await watch.next()).toBeUndefined();
  });

  test('from a revision that is compacted is an ERROR event with 410', async () => {
    const { resourceVersion } = (await list('/api/v1/pods')).metadata;
    cluster.apply(pod('a'));
    cluster.store.compact();
    const watch = await open(`/api/v1/pods?watch=true&resourceVersion=${resourceVersion}`);
    expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    expect(await watch.next()).toBeUndefined();
  });

  test('with initial events: all there is, and a bookmark after it', async () => {
    const watch = await open('/api/v1/nodes?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true');
    expect([await watch.next(), await watch.next()].map((event) => event!.object.metadata.name)).toEqual(['node-1', 'node-2']);
    expect(await watch.next()).toMatchObject({ type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } });
    expect((await open('/api/v1/pods?watch=true&sendInitialEvents=true')).code).toBe(422);
  });

  test('leaves no timer behind when the client leaves', async () => {
    const watch = await open('/api/v1/nodes?watch=true&allowWatchBookmarks=true');
    await watch.next();
    watch.close();
    for (let turns = 0; clock.pending > 0 && turns < 1000; turns++) await new Promise(setImmediate);
    expect(clock.pending).toBe(0);
  });
});

function pod(name: string, phase = 'Running'): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name }, spec: {}, status: { phase } };
}

async function list(path: string): Promise<any> {
  const { code, body } = await cluster.request('GET', encodeURI(path));
  expect(code).toBe(200);
  return body;
}

async function open(path: string, accept = 'application/json'): Promise<WatchStream> {
  const token = cluster.tokens.issue({ name: 'watcher', groups: ['system:masters'] });
  const watch = await WatchStream.open(cluster.server, path, { ca: cluster.ca.certificate, headers: { accept, authorization: `Bearer ${token}` } });
  watches.push(watch);
  return watch;
}
