import { ApiClient } from '../../../src/runtime/cluster/api-client';
import { ApiServerObjects } from '../../../src/runtime/custom-metrics/cluster-objects';
import { parseGroupResource } from '../../../src/runtime/custom-metrics/objects';
import { parseSelector } from '../../../src/runtime/labels/selector';
import { FakeApiServer, status, until } from '../cluster/fake-api-server';
import { configFor } from '../cluster/fixtures';
import { ManualClock } from '../manual-clock';

const signal = new AbortController().signal;

/** So that what is on its way arrives. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

const resource = (name: string, kind: string, namespaced = true, singularName = kind.toLowerCase()) => ({ name, singularName, namespaced, kind });
const group = (name: string, ...versions: string[]) => {
  const all = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: all, preferredVersion: all[0] };
};

let server: FakeApiServer;
let address: URL;
let client: ApiClient;
let clock: ManualClock;
let objects: ApiServerObjects;
/** By path; what is missing is answered 404. */
let documents: Record<string, unknown>;

beforeEach(async () => {
  server = new FakeApiServer();
  documents = {
    '/api/v1': { resources: [resource('pods', 'Pod', true, ''), resource('pods/log', 'Pod'), resource('nodes', 'Node', false)] },
    '/apis': { groups: [group('apps', 'v1'), group('autoscaling', 'v2', 'v1')] },
    '/apis/apps': group('apps', 'v1'),
    '/apis/apps/v1': { resources: [resource('deployments', 'Deployment'), resource('deployments/scale', 'Scale')] },
    '/apis/autoscaling': group('autoscaling', 'v2', 'v1'),
    '/apis/autoscaling/v2': { resources: [resource('horizontalpodautoscalers', 'HorizontalPodAutoscaler')] },
    '/apis/autoscaling/v1': { resources: [resource('horizontalpodautoscalers', 'HorizontalPodAutoscaler'), resource('oldthings', 'OldThing')] },
  };
  server.onRequest = ({ url = '' }) => {
    const [path] = url.split('?');
    const isList = /\/(?:pods|nodes|deployments)$/.test(path);
    if (isList) server.next({ code: 200, body: { items: [{ metadata: { name: `of ${path}` } }] } });
    else server.next(documents[path] ? { code: 200, body: documents[path] } : { code: 404, body: status(404, 'NotFound', 'not found') });
  };
  address = await server.listen();
  client = new ApiClient({ config: configFor(address), userAgent: 'test' });
  clock = new ManualClock();
  objects = new ApiServerObjects(client, clock);
});

afterEach(async () => {
  client.close();
  await server.close();
});

const mapping = (text: string) => objects.mapping(parseGroupResource(text), signal);
const names = (text: string, namespace: string, selector = '') => objects.names(parseGroupResource(text), namespace, parseSelector(selector), signal);
const paths = () => server.requests.map(({ url }) => url.pathname);

describe('mapping', () => {
  test.each([
    ['pods', 'v1 Pod'], ['pod', 'v1 Pod'], ['nodes', 'v1 Node'], ['deployments.apps', 'apps/v1 Deployment'], ['deployment.apps', 'apps/v1 Deployment'],
    ['horizontalpodautoscalers.autoscaling', 'autoscaling/v2 HorizontalPodAutoscaler'], ['oldthings.autoscaling', 'autoscaling/v1 OldThing'],
    ['deployment', 'apps/v1 Deployment'],
  ])('%s is %s', async (text, kind) => {
    const found = await mapping(text);
    expect(`${found?.apiVersion} ${found?.kind}`).toBe(kind);
  });

  test('says what the resource is called, and whether it is in namespaces', async () => {
    expect(await mapping('pod')).toEqual({ groupResource: { group: '', resource: 'pods' }, singular: 'pod', namespaced: true, apiVersion: 'v1', kind: 'Pod' });
    expect(await mapping('nodes')).toMatchObject({ namespaced: false });
  });

  test('reads no more of discovery than it needs, and keeps it for ten minutes', async () => {
    await mapping('horizontalpodautoscalers.autoscaling');
    expect(paths()).toEqual(['/apis/autoscaling', '/apis/autoscaling/v2']);
    clock.advance(599_000);
    await mapping('horizontalpodautoscalers.autoscaling');
    expect(paths()).toHaveLength(2);
    clock.advance(2000);
    await mapping('horizontalpodautoscalers.autoscaling');
    expect(paths()).toHaveLength(4);
  });

  test('finds what was added to the cluster half a minute later', async () => {
    expect(await mapping('widgets.example.com')).toBeUndefined();
    documents['/apis/example.com'] = group('example.com', 'v1');
    documents['/apis/example.com/v1'] = { resources: [resource('widgets', 'Widget')] };
    expect(await mapping('widgets.example.com')).toBeUndefined();
    expect(paths()).toEqual(['/apis/example.com']);
    clock.advance(30_000);
    expect(await mapping('widgets.example.com')).toMatchObject({ apiVersion: 'example.com/v1', kind: 'Widget' });
  });

  test.each(['x...', 'x.a/b', 'x.a?b', 'x.A', 'x.%2e'])('does not ask for a group that cannot be: %s', async (text) => {
    expect(await mapping(text)).toBeUndefined();
    expect(paths()).toEqual([]);
  });

  test('without a group, is not hidden by a group whose server is down', async () => {
    documents['/apis'] = { groups: [group('metrics.k8s.io', 'v1'), group('apps', 'v1')] };
    const answer = server.onRequest!;
    server.onRequest = (request) => request.url === '/apis/metrics.k8s.io' ? server.next({ code: 503, body: 'service unavailable' }) : answer(request);
    expect(await mapping('deployment')).toMatchObject({ apiVersion: 'apps/v1' });
  });

  describe('while an aggregated API hangs', () => {
    const HANGS = '/apis/hangs.example.com/v1';
    const asked = (path: string) => paths().filter((one) => one === path).length;
    /** Until the client gives it up. */
    const passTimeout = async () => {
      while (asked(HANGS) === 0) await new Promise(setImmediate);
      clock.advance(10_000);
    };

    beforeEach(() => {
      client = new ApiClient({ config: configFor(address), userAgent: 'test', clock });
      objects = new ApiServerObjects(client, clock);
      documents['/apis'] = { groups: [group('hangs.example.com', 'v1'), group('apps', 'v1')] };
      documents['/apis/hangs.example.com'] = group('hangs.example.com', 'v1');
      const answer = server.onRequest!;
      server.onRequest = (request) => request.url === HANGS ? server.next('hang') : answer(request);
    });

    test('without a group, is found in another, and nobody else waits for that one', async () => {
      const found = mapping('deployment');
      await passTimeout();
      expect(await found).toMatchObject({ apiVersion: 'apps/v1' });
      expect(await mapping('nothing')).toBeUndefined();
      expect(asked(HANGS)).toBe(1);
    });

    test('is asked for again when some time has passed', async () => {
      const found = mapping('nothing');
      await passTimeout();
      await found;
      documents[HANGS] = { resources: [resource('slowpokes', 'Slowpoke')] };
      server.onRequest = ({ url = '' }) => server.next({ code: 200, body: documents[url] });
      clock.advance(30_000);
      expect(await mapping('slowpoke')).toMatchObject({ apiVersion: 'hangs.example.com/v1' });
    });

    test('of that group, says that it cannot be asked', async () => {
      const found = mapping('things.hangs.example.com');
      await Promise.all([passTimeout(), expect(found).rejects.toMatchObject({ code: 503, message: expect.stringMatching(/^source kubernetes: .* in 10 s; resource things\.hangs\.example\.com$/) })]);
    });

    test('and the API server with it, says that it cannot be asked', async () => {
      server.onRequest = () => server.next('hang');
      const found = mapping('deployment');
      while (paths().length === 0) await new Promise(setImmediate);
      clock.advance(10_000);
      await expect(found).rejects.toMatchObject({ code: 503, message: expect.stringContaining('no answer to GET /api/v1 in 10 s') });
    });
  });

  test('says so when the cluster cannot be asked, and asks again', async () => {
    const answer = server.onRequest;
    server.onRequest = () => server.next({ code: 500, body: status(500, 'InternalError', 'etcd is away') });
    await expect(mapping('pods')).rejects.toMatchObject({ code: 503, message: 'source kubernetes: HTTP 500: etcd is away; resource pods' });
    server.onRequest = answer;
    expect(await mapping('pods')).toMatchObject({ kind: 'Pod' });
  });
});

describe('names', () => {
  test('are none where kube-apiserver has no items to tell', async () => {
    await mapping('pods');
    server.onRequest = () => server.next({ code: 200, body: { items: null } });
    expect(await names('pods', 'shop', 'app=none')).toEqual([]);
  });

  test('are those of the objects that match, without the objects', async () => {
    expect(await names('pods', 'default', 'app=web,tier in (a,b)')).toEqual(['of /api/v1/namespaces/default/pods']);
    const { url, headers } = server.requests.at(-1)!;
    expect(Object.fromEntries(url.searchParams)).toEqual({ labelSelector: 'app=web,tier in (a,b)', resourceVersion: '0' });
    expect(headers.accept).toMatch(/^application\/json;as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1,/);
  });

  test('of other groups, and of the whole cluster', async () => {
    expect(await names('deployments.apps', 'default')).toEqual(['of /apis/apps/v1/namespaces/default/deployments']);
    expect(await names('nodes', '')).toEqual(['of /api/v1/nodes']);
  });

  test('are asked for once by all who ask at the same moment, and anew after that', async () => {
    await Promise.all([names('pods', 'default', 'app=web'), names('pods', 'default', 'app=web'), names('pods', 'default', 'app=api')]);
    expect(paths().filter((path) => path.endsWith('/pods'))).toHaveLength(2);
    await names('pods', 'default', 'app=web');
    expect(paths().filter((path) => path.endsWith('/pods'))).toHaveLength(3);
  });

  test.each(['..', '.', 'a/b', '*', 'a?b', '%2e%2e'])('a namespace that cannot be has none, and leads nowhere else: %s', async (namespace) => {
    expect(await names('pods', namespace)).toEqual([]);
    expect(paths()).toEqual(['/api/v1']);
  });

  test('of an unknown resource are not found', async () => {
    await expect(names('foos', 'default')).rejects.toMatchObject({ code: 404, message: 'the cluster has no resource foos' });
  });

  describe('while lists take long', () => {
    /** Lists that the API server has yet to answer, by their selectors. */
    let open: Map<string, () => void>;

    beforeEach(async () => {
      open = new Map();
      await mapping('pods');
      server.onRequest = ({ url = '', socket }) => {
        const selector = new URL(url, address).searchParams.get('labelSelector') ?? '';
        socket.once('close', () => open.delete(selector));
        open.set(selector, () => socket.destroy());
        server.next('hang');
      };
    });

    const ask = (selector: string, user?: string, controller = new AbortController()) => {
      const settled = objects.names({ group: '', resource: 'pods' }, 'default', parseSelector(selector), controller.signal, user).then(() => 'answered', String);
      return { settled, leave: () => controller.abort(new Error('the client is gone')) };
    };
    /** Of those whose turn is next, and of one on a connection that had been used, which is asked for again, there are fewer. */
    const endSome = () => [...open.values()].slice(0, 4).forEach((end) => end());
    const askMany = (count: number, user: string) => Array.from({ length: count }, (_, index) => ask(`${user}=${index}`, user));

    test('one that nobody waits for any longer ends', async () => {
      const [one, other] = [ask('app=web', 'alice'), ask('app=web', 'alice')];
      await until(() => open.size === 1);
      one.leave();
      expect(await one.settled).toContain('the client is gone');
      await settle();
      expect(open.size).toBe(1);
      other.leave();
      await until(() => open.size === 0);
    });

    test('one is not begun whose client left before its turn', async () => {
      const waiting = askMany(50, 'alice');
      await until(() => open.size === 32);
      waiting.slice(32).forEach(({ leave }) => leave());
      waiting.slice(0, 32).forEach(({ leave }) => leave());
      await until(() => open.size === 0);
      await settle();
      expect(server.requests.filter(({ url }) => url.pathname.endsWith('/pods'))).toHaveLength(32);
    });

    test('a quarter of the connections is taken, and users take turns', async () => {
      askMany(60, 'alice');
      await until(() => open.size === 32);
      ask('bob=0', 'bob');
      await settle();
      expect(open.size).toBe(32);
      endSome();
      await until(() => open.has('bob=0') && open.size === 32);
      expect(open.has('alice=36')).toBe(false);
    });

    test('nobody waits for what somebody else has waiting', async () => {
      askMany(60, 'alice');
      ask('alice=59', 'bob');
      await until(() => open.size === 32);
      endSome();
      await until(() => open.has('alice=59'));
    });

    test('who has a hundred waiting is told to come back later', async () => {
      const asked = askMany(133, 'alice');
      expect(await asked[132].settled).toContain('too many requests of this user wait for lists');
      const bob = ask('bob=0', 'bob');
      bob.leave();
      expect(await bob.settled).toContain('the client is gone');
    });

    test('namespaces take turns for who does not say who asks', async () => {
      for (let index = 0; index < 60; index++) ask(`app=${index}`);
      await until(() => open.size === 32);
      void names('pods', 'other', 'app=other').catch(() => {});
      await settle();
      expect(open.has('app=other')).toBe(false);
      endSome();
      await until(() => open.has('app=other'));
    });
  });
});
