import { askHttp1, askHttp2 } from './client';
import { createTestPki, TestPki, TestServer } from './test-server';

const nodes = '/apis/metrics.k8s.io/v1beta1/nodes';

let pki: TestPki;
let server: TestServer;

beforeAll(async () => {
  pki = await createTestPki();
});

afterEach(() => server.stop());

describe.each([['HTTP/1.1', askHttp1], ['HTTP/2', askHttp2]])('over %s', (_protocol, ask) => {
  test('every answer tells browsers to keep to TLS', async () => {
    server = await TestServer.start(pki, { strictTransportSecurity: 'max-age=60; preload' });
    for (const path of ['/livez', nodes, '/nowhere']) {
      expect((await server.ask(path, {}, ask)).headers).toHaveProperty('strict-transport-security', 'max-age=60; preload');
    }
  });

  test('pages of allowed origins may read the answer', async () => {
    server = await TestServer.start(pki, { corsAllowedOrigins: [/\/\/example\.com(:|$)/] });
    const from = (origin: string, method = 'GET') => server.ask(nodes, { identity: pki.alice, method, headers: { origin } }, ask);
    const { status, headers } = await from('https://example.com');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://example.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE, PATCH',
      'access-control-expose-headers': 'Date',
    });
    expect((await from('https://example.com.evil.org')).headers).not.toHaveProperty('access-control-allow-origin');
    expect((await from(`https://${'a'.repeat(300)}//example.com`)).headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('what they ask before their real request needs no credentials', async () => {
    server = await TestServer.start(pki, { corsAllowedOrigins: [/^https:\/\/example\.com$/] });
    const preflight = (origin: string) => server.ask(nodes, { method: 'OPTIONS', headers: { origin } }, ask);
    server.cluster.allows = () => false;
    expect(await preflight('https://example.com')).toMatchObject({
      status: 204, body: '', headers: { 'audit-id': expect.stringMatching(/^[\w-]{36}$/) as string, 'cache-control': 'no-cache, private' },
    });
    expect((await preflight('https://evil.org')).status).toBe(403);
  });

  test('without flags there is none of it', async () => {
    server = await TestServer.start(pki);
    const { headers } = await server.ask('/livez', { headers: { origin: 'https://example.com' } }, ask);
    expect(Object.keys(headers).filter((name) => /^(access-control|strict)/.test(name))).toEqual([]);
  });
});
