import { fakeMetricsApi } from './fake-metrics-api';
import { Discovery } from '../../../src/runtime/server/discovery';
import { ApiResource, GroupVersion } from '../../../src/runtime/server/group-version';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const resource = (name: string, namespaced = true): ApiResource => ({ name, singularName: '', namespaced, kind: 'MetricValueList', verbs: ['get'] });

function custom(version: string, resources: readonly ApiResource[]): GroupVersion {
  return { ...fakeMetricsApi(version), group: 'custom.metrics.k8s.io', resources };
}

function discovery(...groupVersions: GroupVersion[]) {
  const documents = new Discovery(groupVersions, () => ':10250');
  return async (path: string, accept?: string, ifNoneMatch?: string) => {
    const reply = await documents.reply(path, { accept, pretty: false }, ifNoneMatch);
    const body = reply && (typeof reply.body === 'string' ? reply.body : [...reply.body].join(''));
    return reply && { ...reply, body, json: body ? JSON.parse(body) as Record<string, never> : undefined };
  };
}

test('groups and versions stand in their order, the first version is preferred', async () => {
  const get = discovery(fakeMetricsApi('v1'), fakeMetricsApi('v1beta1'), custom('v1beta2', [resource('pods/rps')]));
  const groups = (await get('/apis'))!.json!.groups as { name: string; versions: { version: string }[]; preferredVersion: { version: string } }[];
  expect(groups.map(({ name, versions, preferredVersion }) => [name, versions.map(({ version }) => version), preferredVersion.version])).toEqual([
    ['metrics.k8s.io', ['v1', 'v1beta1'], 'v1'],
    ['custom.metrics.k8s.io', ['v1beta2'], 'v1beta2'],
  ]);
  expect((await get('/apis/metrics.k8s.io/'))!.json).toMatchObject({ kind: 'APIGroup', preferredVersion: { groupVersion: 'metrics.k8s.io/v1' } });
  expect(await get('/apis/metrics.k8s.io/v2')).toBeUndefined();
  expect(await get('/apis/other')).toBeUndefined();
});

test('metrics of an object are subresources of its resource', async () => {
  const get = discovery(custom('v1beta2', [resource('pods/rps'), resource('pods/queue/length'), resource('namespaces/jobs', false)]));
  const { json } = (await get('/apis', AGGREGATED))!;
  const responseKind = { group: '', version: '', kind: 'MetricValueList' };
  const none = { group: '', version: '', kind: '' };
  expect(json!.items).toEqual([{
    metadata: { name: 'custom.metrics.k8s.io' },
    versions: [{
      version: 'v1beta2',
      freshness: 'Current',
      resources: [
        {
          resource: 'pods',
          responseKind: none,
          scope: 'Namespaced',
          singularResource: '',
          verbs: null,
          subresources: [
            { subresource: 'rps', responseKind, verbs: ['get'] },
            { subresource: 'queue/length', responseKind, verbs: ['get'] },
          ],
        },
        {
          resource: 'namespaces',
          responseKind: none,
          scope: 'Cluster',
          singularResource: '',
          verbs: null,
          subresources: [{ subresource: 'jobs', responseKind, verbs: ['get'] }],
        },
      ],
    }],
  }]);
});

describe('the aggregated document', () => {
  test('says exactly what it is', async () => {
    const reply = await discovery(fakeMetricsApi())('/apis', AGGREGATED);
    expect(reply!.headers).toEqual({
      'content-type': AGGREGATED, 'vary': 'Accept', 'cache-control': 'public', 'etag': expect.stringMatching(/^"[0-9A-F]{128}"$/) as string,
    });
  });

  test('is not sent again to who has it', async () => {
    const get = discovery(fakeMetricsApi());
    const { etag } = (await get('/apis', AGGREGATED))!.headers;
    expect(await get('/apis', AGGREGATED, etag)).toMatchObject({ status: 304, body: '' });
    expect(await get('/apis', AGGREGATED, '"other"')).toMatchObject({ status: 200 });
  });

  test('its ETag is never taken for one of the legacy documents', async () => {
    const get = discovery(fakeMetricsApi());
    const { etag } = (await get('/apis', AGGREGATED))!.headers;
    for (const path of ['/apis', '/apis/metrics.k8s.io', '/apis/metrics.k8s.io/v1beta1']) {
      expect(await get(path, 'application/json', etag)).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    }
  });

  test('changes with what is served', async () => {
    let resources = [resource('pods/rps')];
    const get = discovery({ ...custom('v1beta2', []), get resources() { return resources; } });
    const before = (await get('/apis', AGGREGATED))!.headers.etag;
    expect((await get('/apis', AGGREGATED))!.headers.etag).toBe(before);
    resources = [resource('pods/errors')];
    expect((await get('/apis', AGGREGATED))!.headers.etag).not.toBe(before);
  });

  test('is given to who asks for it at all, whatever else is wanted more', async () => {
    const get = discovery(fakeMetricsApi());
    expect((await get('/apis', `application/json,${AGGREGATED};q=0.1`))!.json).toMatchObject({ kind: 'APIGroupDiscoveryList' });
  });

  test('is not given in versions that we do not have', async () => {
    const get = discovery(fakeMetricsApi());
    const beta = AGGREGATED.replace('v=v2', 'v=v2beta1');
    await expect(get('/apis', beta)).rejects.toMatchObject({ code: 406 });
    expect((await get('/apis', `${beta},application/json`))!.json).toMatchObject({ kind: 'APIGroupList' });
    expect((await get('/apis', `${AGGREGATED},${beta},application/json`))!.json).toMatchObject({ kind: 'APIGroupDiscoveryList' });
  });
});

test.each([
  ['/apis/custom.metrics.k8s.io/v1beta2', 'application/vnd.kubernetes.protobuf'],
  ['/apis', 'application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'],
])('%s in protobuf is the same each time it is asked for', async (path, accept) => {
  const documents = new Discovery([custom('v1beta2', [resource('pods/rps')])], () => ':10250');
  const bytes = async () => Buffer.concat([...(await documents.reply(path, { accept, pretty: false }, undefined))!.body as Iterable<Uint8Array>]);
  const first = await bytes();
  expect(String(first)).toContain('rps');
  expect(await bytes()).toEqual(first);
});

test('a list of resources is made once, until there is another', async () => {
  const groupVersion = { ...custom('v1beta2', []), resources: [resource('pods/rps')] as readonly ApiResource[] };
  const get = discovery(groupVersion);
  const names = async () => ((await get('/apis/custom.metrics.k8s.io/v1beta2'))!.json!.resources as { name: string }[]).map(({ name }) => name);
  expect(await names()).toEqual(['pods/rps']);
  groupVersion.resources = [resource('pods/other')];
  expect(await names()).toEqual(['pods/other']);
});
