import { AddressInfo, createServer, Socket } from 'net';
import { TLSSocket } from 'tls';
import { ApiClient } from '../../../src/runtime/cluster/api-client';
import { ApiError } from '../../../src/runtime/cluster/api-error';
import { ClusterConfig } from '../../../src/runtime/cluster/cluster-config';
import { requestMetrics } from '../../../src/runtime/cluster/request-metrics';
import { TransportError } from '../../../src/runtime/cluster/transport-error';
import { MetricRegistry } from '../../../src/runtime/telemetry/metric-registry';
import { ManualClock } from '../manual-clock';
import { rsaSigned } from '../rsa-signed';
import { TestAuthority } from './certificates';
import { FakeApiServer, status, until } from './fake-api-server';
import { configFor } from './fixtures';

let server: FakeApiServer;
let clock: ManualClock;
const clients: ApiClient[] = [];

beforeEach(() => {
  server = new FakeApiServer();
  clock = new ManualClock();
});

afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await server.close();
});

function connect(url: URL, overrides: Partial<ClusterConfig> = {}): ApiClient {
  const client = new ApiClient({ config: configFor(url, overrides), userAgent: 'metrics-server/1.2.3 (linux/amd64)', clock });
  clients.push(client);
  return client;
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(() => { throw new Error('did not fail'); }, (error: Error) => error);
}

describe('a request', () => {
  test('is counted, each attempt under the code of its answer', async () => {
    const registry = new MetricRegistry();
    const url = await server.listen();
    const client = new ApiClient({ config: configFor(url), userAgent: 'test', clock, onAnswer: requestMetrics(registry)(url.host) });
    clients.push(client);
    await client.request({ path: '/a' });
    server.next({ code: 401 });
    server.next({ code: 503 });
    await failureOf(client.request({ path: '/b', method: 'POST' }));
    await server.close();
    await failureOf(client.request({ path: '/c' }));
    expect(registry.render().split('\n').filter((line) => line.startsWith('rest_client'))).toEqual([
      `rest_client_requests_total{code="200",host="${url.host}",method="GET"} 1`,
      `rest_client_requests_total{code="401",host="${url.host}",method="POST"} 1`,
      `rest_client_requests_total{code="503",host="${url.host}",method="POST"} 1`,
      `rest_client_requests_total{code="<error>",host="${url.host}",method="GET"} 1`,
    ]);
  });

  test('says who asks, what for, and what it accepts', async () => {
    const client = connect(await server.listen(), { credentials: async () => ({ bearerToken: 't0ken' }) });
    await client.request({ path: '/api/v1/pods', query: { limit: 500, fieldSelector: 'status.phase=Running', continue: undefined } });
    const [{ method, url, headers }] = server.requests;
    expect(`${method} ${url.pathname}${url.search}`).toBe('GET /api/v1/pods?limit=500&fieldSelector=status.phase%3DRunning');
    expect(headers).toMatchObject({ 'authorization': 'Bearer t0ken', 'user-agent': 'metrics-server/1.2.3 (linux/amd64)', 'accept': 'application/json' });
  });

  test('sends its body as JSON of the given type and returns what came back', async () => {
    const client = connect(await server.listen());
    server.next({ code: 201, body: { status: { allowed: true } } });
    const answer = await client.request({
      method: 'PATCH', path: '/x', body: { spec: 'ü' }, contentType: 'application/merge-patch+json',
    });
    expect(answer).toEqual({ status: { allowed: true } });
    expect(server.requests[0]).toMatchObject({ method: 'PATCH', body: '{"spec":"ü"}' });
    expect(server.requests[0].headers['content-type']).toBe('application/merge-patch+json');
  });

  test('keeps the path that stands in front of the API', async () => {
    const url = await server.listen();
    await connect(new URL('/k8s/clusters/c-1/', url)).request({ path: '/api/v1/nodes' });
    expect(server.requests[0].url.pathname).toBe('/k8s/clusters/c-1/api/v1/nodes');
  });

  test('sends username and password as basic authentication', async () => {
    const client = connect(await server.listen(), { credentials: async () => ({ basic: { username: 'ü', password: 'p:w' } }) });
    await client.request({ path: '/' });
    expect(server.requests[0].headers.authorization).toBe(`Basic ${Buffer.from('ü:p:w').toString('base64')}`);
  });

  test('fails with the Status that the API server sent', async () => {
    const client = connect(await server.listen());
    const details = { kind: 'secrets', causes: [{ reason: 'x' }] };
    server.next({ code: 409, body: status(409, 'Conflict', 'the object has been modified', details) });
    const error = await failureOf(client.request({ path: '/' }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 409, reason: 'Conflict', message: 'the object has been modified', details });
  });

  test('says how long to wait, from the header or from the Status', async () => {
    const client = connect(await server.listen());
    server.next({ code: 429, headers: { 'Retry-After': '3' }, body: 'too many' });
    server.next({ code: 503, body: status(503, 'ServiceUnavailable', 'starting', { retryAfterSeconds: 5 }) });
    expect(await failureOf(client.request({ path: '/' }))).toMatchObject({ code: 429, retryAfterSeconds: 3, message: 'the API server answered with code 429: too many' });
    expect(await failureOf(client.request({ path: '/' }))).toMatchObject({ code: 503, retryAfterSeconds: 5 });
  });

  test('asks again with a renewed token when the old one is refused, and only once', async () => {
    const tokens = ['old', 'new'];
    let invalidated = 0;
    const client = connect(await server.listen(), {
      credentials: async () => ({ bearerToken: tokens[0] }),
      invalidate: () => {
        invalidated++;
        tokens.shift();
      },
    });
    server.token = 'new';
    await client.request({ path: '/' });
    expect(invalidated).toBe(1);
    server.token = 'another';
    expect(await failureOf(client.request({ path: '/' }))).toMatchObject({ code: 401 });
    expect(server.requests).toHaveLength(4);
  });

  test('tells how each attempt was answered, and when none was', async () => {
    const answers: (number | undefined)[] = [];
    const url = await server.listen();
    const client = connect(url);
    server.next({ code: 401, body: status(401, 'Unauthorized', 'Unauthorized') });
    server.next({ code: 201, body: {} });
    await client.request({ method: 'POST', path: '/x', onAnswer: (code) => answers.push(code) });
    await server.close();
    await failureOf(client.request({ method: 'POST', path: '/x', onAnswer: (code) => answers.push(code) }));
    expect(answers).toEqual([401, 201, undefined]);
  });

  test('ends when its time is over', async () => {
    const client = connect(await server.listen());
    server.next('hang');
    const failure = failureOf(client.request({ path: '/slow' }));
    await until(() => server.requests.length === 1);
    clock.advance(10_000);
    expect(await failure).toMatchObject({ name: 'TransportError', reason: 'timeout', message: expect.stringMatching(/no answer to GET \/slow in 10 s$/) });
  });

  test.each([
    ['its own', () => undefined],
    ['that of who asks', () => {
      const controller = new AbortController();
      clock.after(9_000, () => controller.abort(new TransportError('timeout', 'too late')));
      return controller.signal;
    }],
  ])('takes connections that wait with it when its time is over, %s: they may lead where it hung', async (_, signal) => {
    const client = connect(await server.listen());
    const connections: Socket[] = [];
    server.onRequest = ({ socket }) => connections.push(socket);
    await Promise.all(['/a', '/b', '/c'].map((path) => client.request({ path })));
    server.next('hang');
    const failure = failureOf(client.request({ path: '/slow', signal: signal() }));
    await until(() => server.requests.length === 4);
    clock.advance(10_000);
    expect(await failure).toMatchObject({ reason: 'timeout' });
    await client.request({ path: '/d' });
    const [waiting, [hung, next]] = [connections.slice(0, 3), connections.slice(3)];
    expect([waiting.includes(hung), waiting.includes(next)]).toEqual([true, false]);
  });

  test('ends when its caller gives up, with the reason given, even while a credential plug-in thinks', async () => {
    const url = await server.listen();
    server.next('hang');
    for (const credentials of [async () => ({}), () => new Promise<never>(() => {})]) {
      const controller = new AbortController();
      const failure = failureOf(connect(url, { credentials }).request({ path: '/', signal: controller.signal }));
      await new Promise(setImmediate);
      controller.abort(new Error('enough'));
      expect((await failure).message).toBe('enough');
    }
    expect(clock.pending).toBe(0);
  });

  test('uses its connection again', async () => {
    const client = connect(await server.listen());
    const ports = new Set<number | undefined>();
    server.onRequest = (request) => ports.add(request.socket.remotePort);
    for (let i = 0; i < 5; i++) await client.request({ path: '/' });
    expect(ports.size).toBe(1);
  });

  test('is not disturbed by a server that closes idle connections', async () => {
    const client = connect(await server.listen());
    await client.request({ path: '/' });
    server.onRequest = (request) => {
      server.onRequest = undefined;
      request.socket.resetAndDestroy();
    };
    await client.request({ path: '/' });
    expect(server.requests.length).toBeGreaterThanOrEqual(2);
  });

  test('fails by an answer that is longer than may be held, and by a refusal that is', async () => {
    const url = await server.listen();
    const client = new ApiClient({ config: configFor(url), userAgent: 'test', clock, maxBodyBytes: 1000 });
    clients.push(client);
    const body = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    server.next({ code: 200, body: body(1000) });
    server.next({ code: 200, body: body(1001) });
    server.next({ code: 500, body: body(1024 * 1024 + 1) });
    expect(await client.request({ path: '/' })).toEqual(body(1000));
    for (const bytes of [1000, 1024 * 1024]) {
      expect(await failureOf(client.request({ path: '/' }))).toMatchObject({ reason: 'protocol', message: `the API server sent a body of more than ${bytes} bytes` });
    }
  });

  test('says in one line that an answer is no JSON', async () => {
    const client = connect(await server.listen());
    server.next({ code: 200, body: '<html>' });
    expect(await failureOf(client.request({ path: '/x' }))).toMatchObject({ reason: 'protocol', message: expect.stringMatching(/the answer to GET \/x is no JSON$/) });
  });

  describe('whose answer stops in the middle', () => {
    let connection: Socket | undefined;
    const half = createServer((socket) => {
      connection = socket;
      // The client breaks off where it was given up.
      socket.on('error', () => {});
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"items":'));
    });

    beforeEach(async () => {
      connection = undefined;
      await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => new Promise((resolve) => half.close(resolve)));

    const ask = (signal?: AbortSignal) => {
      const { port } = half.address() as AddressInfo;
      return failureOf(connect(new URL(`http://127.0.0.1:${port}`)).request({ path: '/x', signal }));
    };

    test('fails when the connection ends', async () => {
      const failure = ask();
      await until(() => connection !== undefined && connection.bytesWritten > 0);
      connection!.destroy();
      expect(await failure).toMatchObject({ reason: 'reset', message: expect.stringMatching(/the connection was closed before the answer was complete$/) });
    });

    test('fails when its time is over, and when its caller gives up', async () => {
      const late = ask();
      await until(() => connection !== undefined && connection.bytesWritten > 0);
      clock.advance(10_000);
      expect(await late).toMatchObject({ reason: 'timeout' });
      connection = undefined;
      const controller = new AbortController();
      const givenUp = ask(controller.signal);
      await until(() => connection !== undefined && connection.bytesWritten > 0);
      controller.abort(new Error('enough'));
      expect((await givenUp).message).toBe('enough');
    });
  });

  test('adds its parameters to those of the path', async () => {
    await connect(await server.listen()).request({ path: '/x?timeout=10s', query: { labelSelector: 'a in (b, c)', limit: undefined, watch: false } });
    expect(server.requests.map(({ url }) => `${url.pathname}${url.search}`)).toEqual(['/x?timeout=10s&labelSelector=a+in+%28b%2C+c%29&watch=false']);
  });

  test('says in one line that nobody listens', async () => {
    const url = await server.listen();
    await server.close();
    const error = await failureOf(connect(url).request({ path: '/' }));
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ reason: 'refused', message: `API server ${url.host}: connection refused` });
  });
});

describe('over TLS', () => {
  const LOOPBACK = [{ type: 'ip', value: '127.0.0.1' }, { type: 'dns', value: 'kubernetes.default.svc' }] as const;

  test('the server is verified by the configured certificate authority', async () => {
    const authority = await TestAuthority.create('cluster');
    const { certificate, key } = await authority.issue('kube-apiserver', [...LOOPBACK]);
    const url = await server.listen({ cert: certificate, key });
    await connect(url, { certificateAuthority: () => authority.certificate }).request({ path: '/' });

    const stranger = await TestAuthority.create('stranger');
    expect(await failureOf(connect(url, { certificateAuthority: () => stranger.certificate }).request({ path: '/' }))).toMatchObject({
      reason: 'tls', message: `API server ${url.host}: its certificate is not signed by the certificate authority of the configuration`,
    });
    await connect(url, { certificateAuthority: () => stranger.certificate, insecureSkipTlsVerify: true }).request({ path: '/' });
    expect(server.requests).toHaveLength(2);
  });

  test('the server may have an RSA key of 1024 bits, as it may with Go, whatever the version of OpenSSL', async () => {
    const { ca, leaf: { certificate: cert, key } } = await rsaSigned('SHA-256', 1024);
    const url = await server.listen({ cert, key, ciphers: 'DEFAULT@SECLEVEL=0' });
    await connect(url, { certificateAuthority: () => ca.certificate }).request({ path: '/' });
    expect(server.requests).toHaveLength(1);
  });

  test('the server must have the name that the configuration gives', async () => {
    const authority = await TestAuthority.create('cluster');
    const { certificate, key } = await authority.issue('kube-apiserver', [LOOPBACK[1]]);
    const url = await server.listen({ cert: certificate, key });
    const certificateAuthority = () => authority.certificate;
    expect(await failureOf(connect(url, { certificateAuthority }).request({ path: '/' }))).toMatchObject({ message: `API server ${url.host}: its certificate is for other names` });
    await connect(url, { certificateAuthority, tlsServerName: 'kubernetes.default.svc' }).request({ path: '/' });
  });

  test('a client certificate is shown, and a renewed one from the next request on, while a watch stays', async () => {
    const authority = await TestAuthority.create('cluster');
    const { certificate, key } = await authority.issue('kube-apiserver', [...LOOPBACK]);
    const url = await server.listen({ cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true });
    const seen: string[] = [];
    server.onRequest = (request) => { seen.push((request.socket as TLSSocket).getPeerCertificate().subject.CN as string); };
    let clientCertificate = await authority.issue('first');
    const client = connect(url, { certificateAuthority: () => authority.certificate, credentials: async () => ({ clientCertificate }) });

    const controller = new AbortController();
    const watch = failureOf(client.stream({ path: '/', query: { watch: true }, idleTimeoutMs: () => 1_000, signal: controller.signal, onEvent() {} }));
    await until(() => server.watching === 1);
    await client.request({ path: '/' });
    clientCertificate = await authority.issue('second');
    await client.request({ path: '/' });
    expect(seen).toEqual(['first', 'first', 'second']);
    expect(server.watching).toBe(1);
    controller.abort(new Error('done'));
    await watch;
  });

  test('a configuration that changes counts from the next request on: where to, and how it is verified', async () => {
    const authority = await TestAuthority.create('cluster');
    const { certificate, key } = await authority.issue('kube-apiserver', [LOOPBACK[1]]);
    const other = new FakeApiServer();
    try {
      const config: Partial<ClusterConfig> = { certificateAuthority: () => authority.certificate, insecureSkipTlsVerify: true };
      const changing = { ...configFor(await server.listen()), ...config };
      const client = new ApiClient({ config: changing, userAgent: 'test', clock });
      clients.push(client);
      await client.request({ path: '/' });
      Object.assign(changing, { server: await other.listen({ cert: certificate, key }) });
      await client.request({ path: '/' });
      Object.assign(changing, { insecureSkipTlsVerify: false });
      expect(await failureOf(client.request({ path: '/' }))).toMatchObject({ message: expect.stringContaining('its certificate is for other names') });
      Object.assign(changing, { tlsServerName: 'kubernetes.default.svc' });
      await client.request({ path: '/' });
      expect([server.requests.length, other.requests.length]).toEqual([1, 2]);
    } finally {
      await other.close();
    }
  });

  test('a connection asks whether its other end is still there from its beginning on, as a watch keeps its own', async () => {
    const authority = await TestAuthority.create('cluster');
    const { certificate, key } = await authority.issue('kube-apiserver', [...LOOPBACK]);
    const setKeepAlive = jest.spyOn(Socket.prototype, 'setKeepAlive');
    try {
      const client = connect(await server.listen({ cert: certificate, key }), { certificateAuthority: () => authority.certificate });
      server.next('hang');
      const failure = failureOf(client.request({ path: '/' }));
      await until(() => server.requests.length === 1);
      expect(setKeepAlive.mock.calls).toEqual([[true, 15_000]]);
      clock.advance(10_000);
      await failure;
    } finally {
      setKeepAlive.mockRestore();
    }
  });

  test('a server without TLS is named as such', async () => {
    const url = await server.listen();
    url.protocol = 'https:';
    const error = await failureOf(connect(new URL(`https://${url.host}`)).request({ path: '/' }));
    expect(error).toMatchObject({ reason: 'tls', message: `API server ${url.host}: it does not answer with TLS, or refuses this client` });
  });
});

describe('a stream', () => {
  test('ends with an error that a handler throws', async () => {
    const client = connect(await server.listen());
    const failure = failureOf(client.stream({ path: '/', query: { watch: true }, idleTimeoutMs: () => 1_000, onEvent: () => { throw new Error('mine'); } }));
    await until(() => server.watching === 1);
    server.set('a');
    expect((await failure).message).toBe('mine');
    await until(() => server.watching === 0);
  });

  test('refuses a line that is no JSON', async () => {
    const client = connect(await server.listen());
    const failure = failureOf(client.stream({ path: '/', query: { watch: true }, idleTimeoutMs: () => 1_000, onEvent() {} }));
    await until(() => server.watching === 1);
    server.sendText('oops\n');
    expect(await failure).toMatchObject({ reason: 'protocol', message: 'the API server sent a line that is no JSON' });
  });
});
