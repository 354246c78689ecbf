import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { VERSIONS, withBothVersions, withSortedContainers } from './named-differences';
import { metricsHealthChecks } from '../../src/runtime/api/metrics/health-checks';
import { metricsApi } from '../../src/runtime/api/metrics/metrics-api';
import { recordedCluster } from '../runtime/api/metrics/cluster';
import { Answer, Question } from '../runtime/server/client';
import { createTestPki, TestPki, TestServer } from '../runtime/server/test-server';

const directory = join(__dirname, '../golden/metrics-server-v0.9.0');
const root = '/apis/metrics.k8s.io/v1beta1';
const as = (kind: string) => `application/json;as=${kind};v=v1;g=meta.k8s.io`;
const protobuf = 'application/vnd.kubernetes.protobuf';
const text = 'text/plain; charset=utf-8';

interface Capture {
  readonly file: string;
  readonly path: string;
  readonly question?: Question;
  readonly status?: number;
  readonly contentType?: string;
  /** What of upstream's answer is different here, and why. */
  readonly difference?: { readonly reason: string; readonly here: (upstream: any) => unknown };
}

const versions = { reason: VERSIONS, here: withBothVersions };

const captures: readonly Capture[] = [
  { file: 'nodes-list.json', path: `${root}/nodes` },
  { file: 'nodes-list.yaml', path: `${root}/nodes`, question: { headers: { accept: 'application/yaml' } }, contentType: 'application/yaml' },
  { file: 'nodes-list.pb', path: `${root}/nodes`, question: { headers: { accept: protobuf } }, contentType: protobuf },
  { file: 'nodes-table.json', path: `${root}/nodes`, question: { headers: { accept: as('Table') } } },
  { file: 'nodes-partialmeta.json', path: `${root}/nodes`, question: { headers: { accept: as('PartialObjectMetadataList') } } },
  { file: 'node-get.json', path: `${root}/nodes/node-a` },
  {
    file: 'pods-list.json',
    path: `${root}/pods`,
    difference: { reason: 'containers are sorted by name; their order upstream changes from request to request', here: withSortedContainers },
  },
  { file: 'pods-list.pb', path: `${root}/pods`, question: { headers: { accept: protobuf } }, contentType: protobuf },
  { file: 'pods-table.json', path: `${root}/pods`, question: { headers: { accept: as('Table') } } },
  { file: 'pods-table-empty.json', path: `${root}/namespaces/none/pods`, question: { headers: { accept: as('Table') } } },
  { file: 'pod-get.json', path: `${root}/namespaces/default/pods/web-1` },
  { file: 'err-400-fieldselector.json', path: `${root}/pods?fieldSelector=spec.nodeName%3Dx`, status: 400 },
  { file: 'err-400-labelselector.json', path: `${root}/nodes?labelSelector=!!`, status: 400 },
  { file: 'err-401.json', path: `${root}/nodes`, question: { headers: { authorization: 'Bearer bad' } }, status: 401 },
  { file: 'err-403-anonymous.json', path: `${root}/nodes`, question: { headers: { authorization: '' } }, status: 403 },
  { file: 'err-404-node.json', path: `${root}/nodes/nope`, status: 404 },
  { file: 'err-404-nodemetrics.json', path: `${root}/nodes/node-down`, status: 404 },
  { file: 'err-404-pod.json', path: `${root}/namespaces/default/pods/nope`, status: 404 },
  { file: 'err-404-podmetrics.json', path: `${root}/namespaces/default/pods/nometrics`, status: 404 },
  { file: 'err-404-unknown-resource.json', path: `${root}/foo`, status: 404 },
  { file: 'err-405-post.json', path: `${root}/nodes`, question: { method: 'POST' }, status: 405 },
  { file: 'err-405-watch.json', path: `${root}/nodes?watch=true`, status: 405 },
  { file: 'err-406.json', path: `${root}/nodes`, question: { headers: { accept: 'application/cbor' } }, status: 406 },
  { file: 'discovery-resources.json', path: root },
  { file: 'discovery-group.json', path: '/apis/metrics.k8s.io', difference: versions },
  {
    file: 'discovery-apis.json',
    path: '/apis',
    difference: {
      reason: `${VERSIONS}; the port is the one that is listened at`,
      here: (upstream) => JSON.parse(JSON.stringify(withBothVersions(upstream)).replace('14443', String(server.port))),
    },
  },
  {
    file: 'discovery-aggregated-v2.json',
    path: '/apis',
    question: { headers: { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' } },
    contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    difference: versions,
  },
  { file: 'livez-verbose.txt', path: '/livez?verbose', contentType: text },
  { file: 'livez-exclude.txt', path: '/livez?verbose&exclude=metric-collection-timely', contentType: text },
  { file: 'readyz-verbose.txt', path: '/readyz?verbose', contentType: text },
  { file: 'healthz-verbose.txt', path: '/healthz?verbose', contentType: text },
  {
    file: 'root-paths.json',
    path: '/nowhere',
    status: 404,
    difference: {
      reason: `${VERSIONS}; there is no /statusz, an alpha page that tells Go's version and uptime`,
      here: ({ paths }: { paths: string[] }) => ({ paths: [...paths, '/apis/metrics.k8s.io/v1'].filter((path) => path !== '/statusz').sort() }),
    },
  },
  {
    file: 'version.json',
    path: '/version',
    difference: {
      reason: 'it says what runs here; there is no Kubernetes to emulate',
      here: (upstream: object) => Object.fromEntries(Object.keys(upstream)
        .filter((key) => !/^(?:emulation|minCompatibility)/.test(key)).map((key) => [key, expect.any(String)])),
    },
  },
  {
    file: 'openapi-v3-index.json',
    path: '/openapi/v3',
    difference: {
      reason: `${VERSIONS}; hashes are those of our documents`,
      here: ({ paths }: { paths: Record<string, unknown> }) => ({
        paths: Object.fromEntries([...Object.keys(paths), 'apis/metrics.k8s.io/v1'].map((path) => (
          [path, { serverRelativeURL: expect.stringMatching(new RegExp(`^/openapi/v3/${path}\\?hash=[0-9A-F]{128}$`)) }]))),
      }),
    },
  },
  {
    file: 'openapi-v3-metrics-group.json',
    path: '/openapi/v3/apis/metrics.k8s.io',
    difference: { reason: 'OpenAPI has the same structure in words of our own, and JSON where upstream lists YAML and protobuf too', here: withoutWords },
  },
];

/** What is compared where the rest of its subject is. */
const elsewhere: Readonly<Record<string, string>> = {
  'authn-authz-requests.txt': 'runtime/server/authentication.test.ts',
  'help.txt': 'runtime/flags/help.test.ts',
  'metrics-server-series.txt': 'runtime/api/metrics/freshness.test.ts',
  'metric-families.txt': 'conformance/metric-families.test.ts',
  'openapi-v2.json': 'runtime/server/openapi/openapi.test.ts',
  'openapi-v3-metrics-v1beta1.json': 'runtime/api/metrics/openapi.test.ts',
  'quantity-duration-vectors.tsv': 'runtime/api/golden.ts',
};

let pki: TestPki;
let server: TestServer;

beforeAll(async () => {
  pki = await createTestPki();
  const cluster = recordedCluster();
  const usage = { ...cluster.usage, pod: (namespace: string, name: string) => withSortedContainers(cluster.usage.pod(namespace, name)) };
  const groupVersions = (['v1', 'v1beta1'] as const).map((version) => metricsApi({ ...cluster, usage, version }));
  const healthChecks = metricsHealthChecks({ ...cluster, lastCycleStartMs: () => undefined, resolutionMs: 15_000 });
  server = await TestServer.start(pki, { groupVersions, healthChecks });
  server.cluster.tokenStatus = (token) => ({ authenticated: token === 'good', user: { username: 'alice', groups: ['devs'] } });
  server.cluster.allows = ({ user }) => user === 'alice';
});

afterAll(() => server.stop());

/** Asked as the captures were: by curl, by alice unless something else is said. */
function ask({ path, question }: Capture): Promise<Answer> {
  const { authorization = 'Bearer good', ...headers } = question?.headers ?? {};
  return server.ask(path, { ...question, headers: { 'user-agent': 'curl/8.5.0', ...headers, ...authorization && { authorization } } });
}

test('every capture is compared', () => {
  expect(readdirSync(directory).sort()).toEqual([...captures.map(({ file }) => file), ...Object.keys(elsewhere)].sort());
  for (const [file, test] of Object.entries(elsewhere)) expect(readFileSync(join(__dirname, '..', test), 'utf8')).toContain(file);
});

test.each(captures.filter(({ difference }) => !difference).map((capture) => [capture.file, capture] as const))('%s, byte for byte', async (file, capture) => {
  const { status, headers, bytes } = await ask(capture);
  const recorded = readFileSync(join(directory, file));
  if (file.endsWith('.pb')) expect(bytes.toString('hex')).toBe(recorded.toString('hex'));
  else expect(bytes.toString()).toBe(recorded.toString());
  expect(status).toBe(capture.status ?? 200);
  expect(headers['content-type']).toBe(capture.contentType ?? 'application/json');
  expect(headers['cache-control']).toBe('no-cache, private');
  expect(headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test.each(captures.filter(({ difference }) => difference).map((capture) => [capture.file, capture] as const))('%s, but for a named difference', async (file, capture) => {
  const { status, headers, body } = await ask(capture);
  const recorded = JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const received = file.startsWith('openapi') ? withoutWords(JSON.parse(body)) : JSON.parse(body);
  expect(received).toEqual(capture.difference!.here(recorded));
  expect(JSON.parse(body)).not.toEqual(recorded);
  expect(status).toBe(capture.status ?? 200);
  expect(headers['content-type']).toBe(capture.contentType ?? 'application/json');
});

/** OpenAPI's structure: what is a description is dropped, and media types but JSON's. */
function withoutWords(value: any): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([key, member]) => !(key === 'description' && typeof member === 'string') && !/^application\/(?!json$)/.test(key))
    .map(([key, member]) => [key, withoutWords(member)]));
}
