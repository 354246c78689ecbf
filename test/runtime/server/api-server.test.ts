import { Answer, Ask, askHttp1, askHttp2 } from './client';
import { golden } from './golden';
import { createTestPki, TestPki, TestServer } from './test-server';
import { HealthCheck } from '../../../src/runtime/server/health-check';

const curl = { 'user-agent': 'curl/8.5.0' };
const ok = (name: string): HealthCheck => ({ name, check: () => undefined });

let pki: TestPki;
let server: TestServer;

beforeAll(async () => {
  pki = await createTestPki();
  server = await TestServer.start(pki, {
    healthChecks: {
      livez: [ok('metric-collection-timely'), ok('metadata-informer-sync')],
      readyz: [ok('metric-storage-ready'), ok('metric-informer-sync'), ok('metadata-informer-sync')],
      healthz: [ok('metadata-informer-sync')],
    },
  });
});

afterAll(() => server.stop());

describe.each<[string, Ask]>([['HTTP/1.1', askHttp1], ['HTTP/2', askHttp2]])('over %s', (_protocol, ask) => {
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> => (
    server.ask(path, { method, identity: pki.alice, headers: { ...curl, ...headers } }, ask)
  );
  const root = '/apis/metrics.k8s.io/v1beta1';
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

  describe('answers as metrics-server v0.9.0, byte for byte', () => {
    test.each([
      ['discovery-group.json', '/apis/metrics.k8s.io', undefined],
      ['discovery-resources.json', root, undefined],
      ['discovery-aggregated-v2.json', '/apis', 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'],
      ['nodes-list.json', `${root}/nodes`, undefined],
      ['nodes-list.yaml', `${root}/nodes`, 'application/yaml'],
      ['nodes-table.json', `${root}/nodes`, table],
      ['nodes-partialmeta.json', `${root}/nodes`, 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'],
      ['node-get.json', `${root}/nodes/node-a`, undefined],
      ['pods-list.json', `${root}/pods`, undefined],
      ['pods-table.json', `${root}/pods`, table],
      ['pods-table-empty.json', `${root}/namespaces/none/pods`, table],
      ['pod-get.json', `${root}/namespaces/default/pods/web-1`, undefined],
      ['livez-verbose.txt', '/livez?verbose', undefined],
      ['livez-exclude.txt', '/livez?verbose&exclude=metric-collection-timely', undefined],
      ['readyz-verbose.txt', '/readyz?verbose', undefined],
      ['healthz-verbose.txt', '/healthz?verbose', undefined],
    ])('%s', async (file, path, accept) => {
      const { status, body } = await get(path, accept ? { accept } : {});
      expect(body).toBe(golden(file));
      expect(status).toBe(200);
    });

    test.each([
      ['err-404-pod.json', 404, 'GET', `${root}/namespaces/default/pods/nope`],
      ['err-404-unknown-resource.json', 404, 'GET', `${root}/foo`],
      ['err-405-post.json', 405, 'POST', `${root}/nodes`],
      ['err-405-watch.json', 405, 'GET', `${root}/nodes?watch=true`],
    ])('%s', async (file, expectedStatus, method, path) => {
      const { status, body, headers } = await get(path, {}, method);
      expect(body).toBe(golden(file));
      expect(status).toBe(expectedStatus);
      expect(headers['content-type']).toBe('application/json');
    });

    test('discovery-apis.json, but for the port', async () => {
      const { body } = await get('/apis');
      expect(body).toBe(golden('discovery-apis.json').replace('14443', String(server.port)));
    });

    test('err-406.json', async () => {
      expect(await get(`${root}/nodes`, { accept: 'application/cbor' })).toMatchObject({ status: 406, body: golden('err-406.json') });
    });

    test.each([
      ['/', 200], ['/nowhere', 404], ['/apis/other.group', 404], ['/apis/other.group/v1/things', 404],
      ['//apis', 404], ['//apis/metrics.k8s.io/v1beta1/nodes', 404], ['/apis//metrics.k8s.io/v1beta1/nodes', 404],
    ])('root-paths.json at %s', async (path, expectedStatus) => {
      const { status, body } = await get(path);
      const upstream = JSON.parse(golden('root-paths.json')) as { paths: string[] };
      expect(JSON.parse(body)).toEqual({ paths: upstream.paths.filter((upstreamPath) => upstreamPath !== '/statusz') });
      expect(body).toContain('\n  "paths": [\n');
      expect(status).toBe(expectedStatus);
    });

    test('openapi-v3-index.json, but for the hashes', async () => {
      const { body } = await get('/openapi/v3');
      expect(body.replace(/hash=[0-9A-F]{128}/g, 'hash=')).toBe(golden('openapi-v3-index.json').replace(/hash=[0-9A-F]{128}/g, 'hash='));
    });
  });

  test('what the HPA controller accepts is answered with protobuf, in whatever form it is', async () => {
    const accept = { 'accept': 'application/vnd.kubernetes.protobuf, */*', 'user-agent': 'kube-controller-manager' };
    for (const path of [`${root}/nodes`, root, '/apis', `${root}/nodes/nope`]) {
      const { headers, body } = await get(path, accept);
      expect(headers['content-type']).toBe('application/vnd.kubernetes.protobuf');
      expect(body.startsWith('k8s\0')).toBe(true);
    }
    expect((await get('/version', accept)).headers['content-type']).toBe('application/json');
  });

  test('and other programs with JSON in one line', async () => {
    const { body } = await get(`${root}/nodes`, { 'user-agent': 'client' });
    expect(body).toBe(`${JSON.stringify(JSON.parse(golden('nodes-list.json')))}\n`);
  });

  test.each([[{ 'user-agent': 'kubectl' }, '?pretty=true', true], [{ 'user-agent': 'curl/8' }, '?pretty=false', false], [{ 'user-agent': 'Mozilla/5.0 (X11)' }, '', true]])(
    'indents for people: %j %s', async (headers, query, pretty) => {
      const { body } = await get(`${root}/nodes${query}`, headers);
      expect(body.includes('\n  "kind"')).toBe(pretty);
    },
  );

  test('every answer has an audit id and may not be kept', async () => {
    const { headers } = await get(`${root}/nodes`);
    expect(headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['cache-control']).toBe('no-cache, private');
    expect((await get('/livez', { 'audit-id': 'from-kube-apiserver' })).headers['audit-id']).toBe('from-kube-apiserver');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])('%s is not allowed on resources', async (method) => {
    expect((await get(`${root}/nodes/node-a`, {}, method)).status).toBe(405);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s reads what is no resource, for those who may', async (method) => {
    expect(await get('/metrics', {}, method)).toMatchObject({ status: 200, body: expect.stringContaining('apiserver_request_total') as string });
    expect((await get('/openapi/v3', {}, method)).status).toBe(200);
    for (const path of ['/apis', '/version']) expect((await get(path, {}, method)).status).toBe(405);
  });

  test('OPTIONS * is answered whoever asks', async () => {
    expect(await server.ask('*', { method: 'OPTIONS' }, ask)).toMatchObject({ status: 200, body: '' });
  });

  test('a time that is up before anything can be done is up', async () => {
    for (const path of [`${root}/nodes`, '/livez']) {
      const { status, body } = await get(`${path}?timeout=1ns`);
      expect([status, JSON.parse(body).message]).toEqual([504, 'Timeout: request did not complete within the allotted timeout']);
    }
    expect((await get(`${root}/nodes?timeout=0`)).status).toBe(200);
  });

  test.each(['/nodes/node-a/status', '/namespaces/default/nodes', '/pods/web-1', '/watch/nodes', '/namespaces/default/status', '/namespaces/default/pods/web-1/a/b'])(
    '%s is nothing that is served', async (path) => {
      expect(await get(root + path)).toMatchObject({ status: 404, body: golden('err-404-unknown-resource.json') });
    },
  );

  test.each([['None', null], ['Object', expect.objectContaining({ kind: 'NodeMetrics', apiVersion: 'metrics.k8s.io/v1beta1', window: '9.988s' })]])(
    'a table has %s beside its cells if asked', async (includeObject, object) => {
      const { body } = await get(`${root}/nodes?includeObject=${includeObject}`, { accept: table });
      expect((JSON.parse(body) as { rows: unknown[] }).rows[0]).toEqual(expect.objectContaining({ object }));
    },
  );

  test('a table of meta.k8s.io/v1beta1', async () => {
    const { body } = await get(`${root}/nodes/node-a`, { accept: 'application/json;as=Table;v=v1beta1;g=meta.k8s.io' });
    expect(JSON.parse(body)).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1beta1', rows: [{ object: { apiVersion: 'meta.k8s.io/v1beta1' } }] });
  });

  test('each check has its own path', async () => {
    expect(await get('/readyz/metric-storage-ready')).toMatchObject({ status: 200, body: 'ok' });
    expect((await get('/readyz/nothing')).status).toBe(404);
    expect(await get('/livez')).toMatchObject({ status: 200, body: 'ok' });
  });

  test('/version', async () => {
    const { body } = await get('/version');
    const upstream = Object.keys(JSON.parse(golden('version.json')) as object);
    expect(Object.keys(JSON.parse(body) as object)).toEqual(upstream.filter((member) => !/^(?:emulation|minCompatibility)/.test(member)));
    expect(JSON.parse(body)).toMatchObject({ gitVersion: 'v0.9.0', major: '0', minor: '9' });
  });

  test('a path that cannot be decoded is a bad request', async () => {
    expect((await get(`${root}/nodes/%zz`)).status).toBe(400);
  });

  test('/metrics counts what is listed and nothing a client makes up', async () => {
    await get(`${root}/namespaces/default/pods`);
    await get(`${root}/made-up`);
    const { body } = await get('/metrics');
    expect(body).toContain('apiserver_request_total{code="200",component="",dry_run="",group="metrics.k8s.io",resource="pods",scope="namespace",subresource="",verb="LIST",version="v1beta1"}');
    expect(body).not.toContain('made-up');
  });
});

test.each([['metrics.example.com', 'metrics.example.com'], ['2001:db8::1', '[2001:db8::1]'], [undefined, '']])('--external-hostname=%s', async (name, host) => {
  const other = await TestServer.start(await createTestPki(), { externalHostname: name });
  const { groups } = JSON.parse((await other.ask('/apis')).body);
  expect(groups[0].serverAddressByClientCIDRs).toEqual([{ clientCIDR: '0.0.0.0/0', serverAddress: `${host}:${other.port}` }]);
  await other.stop();
});
