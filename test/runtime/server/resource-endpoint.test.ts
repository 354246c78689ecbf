import { fakeMetricsApi } from './fake-metrics-api';
import { ApiItem } from '../../../src/runtime/server/api-object';
import { ApiRequest, GroupVersion } from '../../../src/runtime/server/group-version';
import { parseRequestInfo, splitUrl } from '../../../src/runtime/server/request-info';
import { replyToResource } from '../../../src/runtime/server/resource-endpoint';

const root = '/apis/custom.metrics.k8s.io/v1beta2';
const value: ApiItem = {
  namespace: '', name: '', metadataJson: () => '', membersJson: () => '"value":"10"', writeProtobuf: () => {}, writeMetadataProtobuf: () => {}, cells: () => [],
};

let asked: ApiRequest[];

/** Values of custom metrics have neither metadata nor columns, and any name. */
function customMetrics(overrides: Partial<GroupVersion> = {}): GroupVersion {
  return {
    ...fakeMetricsApi('v1beta2'),
    group: 'custom.metrics.k8s.io',
    resources: [{ name: 'pods/rps', singularName: '', namespaced: true, kind: 'MetricValueList', verbs: ['get'] }],
    openEnded: true,
    handle: (request) => {
      asked.push(request);
      return { kind: 'MetricValueList', items: [value] };
    },
    ...overrides,
  };
}

async function ask(url: string, { method = 'GET', accept, groupVersion = customMetrics() }: { method?: string; accept?: string; groupVersion?: GroupVersion } = {}) {
  const request = { info: parseRequestInfo(method, url), query: splitUrl(url).query, user: { name: 'alice', groups: [] }, signal: new AbortController().signal };
  const reply = await replyToResource(groupVersion, method, request, { accept, pretty: false });
  return [...reply.body].join('');
}

beforeEach(() => {
  asked = [];
});

test('a metric that is not listed is asked for too', async () => {
  expect(await ask(`${root}/namespaces/default/pods/%2A/unlisted`)).toBe(
    '{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[{"value":"10"}]}\n',
  );
  expect(asked[0].info).toMatchObject({ namespace: 'default', resource: 'pods', name: '*', subresource: 'unlisted' });
});

test('but not where everything is listed', async () => {
  const groupVersion = customMetrics({ openEnded: false });
  await expect(ask(`${root}/namespaces/default/pods/%2A/unlisted`, { groupVersion })).rejects.toMatchObject({ code: 404 });
  await expect(ask(`${root}/pods/a/rps`, { groupVersion })).rejects.toMatchObject({ code: 404 });
  await ask(`${root}/namespaces/default/pods/a/rps`, { groupVersion });
  expect(asked).toHaveLength(1);
});

test('nothing can be written', async () => {
  await expect(ask(`${root}/namespaces/default/pods/a/rps`, { method: 'POST' })).rejects.toMatchObject({ code: 405 });
  expect(asked).toHaveLength(0);
});

test('what has no columns is no table, and nothing is read to find that out of an unknown type', async () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  await expect(ask(`${root}/namespaces/default/pods/a/rps`, { accept: table })).rejects.toMatchObject({
    code: 406, message: expect.stringContaining('only the following media types are accepted: ') as string,
  });
  asked = [];
  await expect(ask(`${root}/namespaces/default/pods/a/rps`, { accept: 'application/cbor' })).rejects.toMatchObject({ code: 406 });
  expect(asked).toHaveLength(0);
});

test('what stands beside the cells of a row is refused in k8s.io/apiserver\'s words when there is no such thing', async () => {
  const url = '/apis/metrics.k8s.io/v1beta1/nodes?includeObject=x';
  await expect(ask(url, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io', groupVersion: fakeMetricsApi() })).rejects.toMatchObject({
    code: 400, message: 'Unable to convert to Table as requested: includeObject: Invalid value: "x": must be \'Metadata\', \'Object\', \'None\', or empty',
  });
});
