import { OpenApi } from '../../../../src/runtime/server/openapi/openapi';
import { toOpenApiV2 } from '../../../../src/runtime/server/openapi/openapi-v2';
import { fakeMetricsApi } from '../fake-metrics-api';
import { golden } from '../golden';

interface V2 {
  readonly paths: Record<string, { get: Record<string, unknown>; parameters?: { name?: string; $ref?: string }[] }>;
  readonly definitions: Record<string, unknown>;
  readonly parameters: Record<string, { name: string }>;
}

const SHARED = 'io.k8s.apimachinery.';
const REFERENCE = '#/definitions/';

/** With the types that all API servers share where they are used. */
function inlined(value: unknown, definitions: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((member) => inlined(member, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...rest } = value as { $ref?: string };
  const words = Object.fromEntries(Object.entries(rest).map(([key, member]) => [key, inlined(member, definitions)]));
  if (!$ref?.startsWith(REFERENCE + SHARED)) return $ref === undefined ? words : { $ref, ...words };
  return { ...inlined(definitions[$ref.slice(REFERENCE.length)], definitions) as object, ...words };
}

const recorded = JSON.parse(golden('openapi-v2.json')) as V2;
const upstream = inlined(recorded, recorded.definitions) as V2;
const ownNames = Object.keys(upstream.definitions).filter((name) => !name.startsWith(SHARED));
const api = fakeMetricsApi();
const openapi = new OpenApi([api], { title: 'Kubernetes metrics-server', version: 'v0.9.0' });

function get(path: string, query = '', accept?: string, ifNoneMatch?: string) {
  return openapi.reply(path, new URLSearchParams(query), accept, ifNoneMatch);
}

const json = <T>(path: string) => JSON.parse(get(path)!.body as string) as T;

describe('version 2, derived from version 3', () => {
  const derived = toOpenApiV2({ paths: api.openapi.paths, schemas: api.openapi.schemas }, {}) as unknown as V2;

  test.each(ownNames)('%s is defined as upstream defines it, in full', (name) => {
    expect(derived.definitions[name]).toEqual(upstream.definitions[name]);
  });

  test.each(Object.keys(api.openapi.paths))('%s is described as upstream describes it', (path) => {
    const { consumes: _consumes, produces, ...operation } = derived.paths[path].get as { consumes: unknown; produces: string[] };
    const { consumes: _, produces: upstreamProduces, ...upstreamOperation } = upstream.paths[path].get as { consumes: unknown; produces: string[] };
    expect(operation).toEqual(upstreamOperation);
    expect([...produces].sort()).toEqual([...upstreamProduces].sort());
    // Upstream keeps common parameters in one place; said in full they are the same.
    const inFull = upstream.paths[path].parameters?.map((parameter) => (
      parameter.$ref ? upstream.parameters[parameter.$ref.replace('#/parameters/', '')] : parameter
    ));
    expect(derived.paths[path].parameters).toEqual(inFull);
  });
});

test('version 2 has all paths of upstream, and no reference leads nowhere', () => {
  const document = json<V2 & { info: unknown }>('/openapi/v2');
  expect(document.info).toEqual({ title: 'Kubernetes metrics-server', version: 'v0.9.0' });
  expect(Object.keys(document.paths).sort()).toEqual(Object.keys(upstream.paths).sort());
  // Definitions of names that kube-apiserver has too, in other words, would be renamed and multiply in the cluster's document.
  expect(Object.keys(document.definitions).sort()).toEqual(ownNames.sort());
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/definitions\/([^"]+)"/g)) expect(document.definitions).toHaveProperty([name]);
});

test('operations are tagged as k8s.io/apiserver tags them', () => {
  const custom = new OpenApi([{ ...api, group: 'custom.metrics.k8s.io', version: 'v1beta2' }], { title: '', version: '' });
  const document = JSON.parse(custom.reply('/openapi/v2', new URLSearchParams(), undefined, undefined)!.body as string) as V2;
  expect(document.paths['/apis/custom.metrics.k8s.io/'].get).toMatchObject({ tags: ['customMetrics'], operationId: 'getCustomMetricsAPIGroup' });
  expect(document.paths['/apis/custom.metrics.k8s.io/v1beta2/'].get)
    .toMatchObject({ tags: ['customMetrics_v1beta2'], operationId: 'getCustomMetricsV1beta2APIResources' });
});

test.each(['apis', 'apis/metrics.k8s.io', 'apis/metrics.k8s.io/v1beta1', 'version'])('version 3 of %s stands on its own', (path) => {
  const document = json<{ components: { schemas: Record<string, unknown> } }>(`/openapi/v3/${path}`);
  expect(document).toMatchObject({ openapi: '3.0.0', info: { title: 'Kubernetes metrics-server', version: 'v0.9.0' } });
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(document.components.schemas).toHaveProperty([name]);
  }
});

test('who has a document is not sent it again', () => {
  for (const path of ['/openapi/v2', '/openapi/v3', '/openapi/v3/apis/metrics.k8s.io/v1beta1']) {
    const { etag } = get(path)!.headers;
    expect(get(path, '', undefined, etag)).toMatchObject({ status: 304, body: '' });
  }
});

test('a document whose hash the client knows may be kept for ever; another hash leads to the right one', () => {
  const { paths } = json<{ paths: Record<string, { serverRelativeURL: string }> }>('/openapi/v3');
  const [path, query] = paths['apis/metrics.k8s.io/v1beta1'].serverRelativeURL.split('?');
  expect(get(path, query)).toMatchObject({ status: 200, headers: { 'cache-control': expect.stringContaining('immutable') as string } });
  expect(get(path, 'hash=OLD')).toMatchObject({ status: 301, headers: { location: `${path}?${query}` } });
});

test.each([
  [undefined, 200],
  ['application/json', 200],
  ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf, application/json;q=0.5', 200],
  ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf,*/*', 200],
  ['*', 200],
])('accepting %s', (accept, status) => {
  expect(get('/openapi/v2', '', accept)).toMatchObject({ status, headers: { 'content-type': 'application/json' } });
});

test.each(['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', 'application/yaml', 'text/html'])('%s alone is not acceptable', (accept) => {
  for (const path of ['/openapi/v2', '/openapi/v3/apis/metrics.k8s.io/v1beta1']) {
    expect(get(path, 'hash=OLD', accept)).toEqual({ status: 406, headers: { vary: 'Accept' }, body: '' });
  }
  expect(get('/openapi/v3', '', accept)).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
});

test('other paths are left to others', () => {
  expect(get('/openapi')).toBeUndefined();
  expect(get('/openapi/v3/apis/nothing')).toBeUndefined();
});
