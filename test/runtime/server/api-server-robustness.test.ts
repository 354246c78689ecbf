import { constants, ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp, Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { Ask, askHttp1, askHttp2 } from './client';
import { fakeMetricsApi, RecordedItem } from './fake-metrics-api';
import { createTestPki, TestPki, TestServer } from './test-server';
import { systemClock } from '../../../src/runtime/clock';
import { ApiServerOptions } from '../../../src/runtime/server/api-server';
import { Auditor } from '../../../src/runtime/server/audit/auditor';
import { AuditEvent, Stage } from '../../../src/runtime/server/audit/event';
import { AuthenticatorChain } from '../../../src/runtime/server/authentication/authenticator';
import { ApiRequest, ApiResult } from '../../../src/runtime/server/group-version';
import { StatusError } from '../../../src/runtime/server/status';
import { eventually } from '../../e2e/control-plane/eventually';
import { issueCertificate } from '../../simulated-cluster/pki';
import { ManualClock } from '../manual-clock';

const nodes = '/apis/metrics.k8s.io/v1beta1/nodes';
const empty: ApiResult = { kind: 'NodeMetricsList', items: [], columns: [] };

let pki: TestPki;
let server: TestServer;

beforeAll(async () => {
  pki = await createTestPki();
});

afterEach(() => server.stop());

async function start(overrides: Partial<ApiServerOptions> = {}): Promise<void> {
  server = await TestServer.start(pki, overrides);
}

function get(path = nodes, ask = askHttp1) {
  return server.ask(path, { identity: pki.alice }, ask);
}

/** A handler that waits until it is let go, and tells when it was called. */
function heldHandler() {
  let release: (result: ApiResult) => void = () => {};
  let called: (request: ApiRequest) => void = () => {};
  const result = new Promise<ApiResult>((resolve) => { release = resolve; });
  const request = new Promise<ApiRequest>((resolve) => { called = resolve; });
  const groupVersion = fakeMetricsApi('v1beta1', {
    handle: (incoming) => {
      called(incoming);
      return result;
    },
  });
  return { groupVersion, request, release: () => release(empty) };
}

describe('requests at the same time', () => {
  test('more than the limit are sent away, probes and superusers are not', async () => {
    const held = heldHandler();
    await start({ groupVersions: [held.groupVersion], maxRequestsInFlight: 1 });
    const first = get();
    await held.request;

    const second = await get('/apis');
    expect(second).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(JSON.parse(second.body)).toMatchObject({ kind: 'Status', reason: 'TooManyRequests', code: 429 });
    expect((await get('/livez')).status).toBe(200);
    const masters = { 'X-Remote-User': 'system:kube-aggregator', 'X-Remote-Group': 'system:masters' };
    expect((await server.ask('/apis', { identity: pki.frontProxy, headers: masters })).status).toBe(200);

    expect((await get('/livez/ping')).status).toBe(429);
    expect((await get('/livez/unknown')).status).toBe(429);

    held.release();
    expect((await first).status).toBe(200);
    expect((await get('/apis')).status).toBe(200);
  });
});

test('superusers beyond the limit take no place from others', async () => {
  const released: (() => void)[] = [];
  const handle = () => new Promise<ApiResult>((resolve) => released.push(() => resolve(empty)));
  await start({ groupVersions: [fakeMetricsApi('v1beta1', { handle })], maxRequestsInFlight: 1 });
  const masters = { 'X-Remote-User': 'system:kube-aggregator', 'X-Remote-Group': 'system:masters' };
  const first = get();
  await eventually(() => expect(released).toHaveLength(1));
  const beyond = server.ask(nodes, { identity: pki.frontProxy, headers: masters });
  await eventually(() => expect(released).toHaveLength(2));
  released[0]();
  expect((await first).status).toBe(200);
  const second = get();
  await eventually(() => expect(released).toHaveLength(3));
  released.forEach((release) => release());
  expect([(await beyond).status, (await second).status]).toEqual([200, 200]);
});

describe('while an audit event is being written', () => {
  /** Events that were kept, and those that wait to be. */
  let kept: AuditEvent[];
  let waiting: (() => void)[];

  function auditorThatWaitsAt(waitsAt: Stage): Auditor {
    kept = [];
    waiting = [];
    return new Auditor({
      decide: () => ({ level: 'Metadata', omitStages: [] }),
      keep: async (event) => {
        if (event.stage === waitsAt) await new Promise<void>((write) => waiting.push(write));
        return kept.push(event) > 0;
      },
      clock: systemClock,
    });
  }

  test('an answer that was sent is counted, and keeps no place', async () => {
    await start({ auditor: auditorThatWaitsAt('ResponseComplete'), maxRequestsInFlight: 1 });
    expect((await get()).status).toBe(200);
    await eventually(async () => expect((await get()).status).toBe(200));
    await eventually(() => expect(server.registry.render()).toMatch(/^apiserver_request_total\{code="200",.*resource="nodes".*\} 2$/m));
    await eventually(() => expect(server.registry.render()).toContain('apiserver_current_inflight_requests{request_kind="readOnly"} 0'));
    waiting.forEach((write) => write());
  });

  test('a client that leaves is not authorized any longer, and that it left is an event too', async () => {
    await start({ auditor: auditorThatWaitsAt('RequestReceived') });
    const session = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key });
    session.on('error', () => {});
    session.request({ ':path': nodes }).on('error', () => {});
    await eventually(() => expect(waiting).toHaveLength(1));
    session.destroy();
    await eventually(() => expect(server.registry.render()).toMatch(/^apiserver_request_aborts_total\{.*resource="nodes".*\} 1$/m));
    waiting[0]();
    await eventually(() => expect(kept.map(({ stage }) => stage).sort()).toEqual(['RequestReceived', 'ResponseComplete']));
    expect(kept.find(({ stage }) => stage === 'ResponseComplete')?.responseStatus?.message).toBe('Connection closed early');
    expect(server.reviews).toEqual([]);
  });
});

describe('requests of HTTP/1.1 that come at once', () => {
  let released: (() => void)[];
  let socket: TLSSocket;
  let answers: string;

  /** With nobody's certificate. */
  async function send(count: number, overrides: Partial<ApiServerOptions> = {}): Promise<void> {
    released = [];
    answers = '';
    const handle = () => new Promise<ApiResult>((resolve) => released.push(() => resolve(empty)));
    await start({ groupVersions: [fakeMetricsApi('v1beta1', { handle })], ...overrides });
    socket = connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    socket.on('error', () => {}).on('data', (data) => { answers += data.toString(); });
    socket.write(`GET ${nodes} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(count));
  }

  afterEach(() => socket.destroy());

  test('are answered one after the other', async () => {
    await send(3);
    for (let answered = 1; answered <= 3; answered++) {
      await eventually(() => expect(released).toHaveLength(answered));
      expect((await get('/livez')).status).toBe(200);
      expect(released).toHaveLength(answered);
      released[answered - 1]();
      await eventually(() => expect(answers.split('HTTP/1.1 200 OK')).toHaveLength(answered + 1));
    }
  });

  test('and more than 100 are not taken', async () => {
    await send(101);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answers).toBe('');
  });

  test('end with their connection, those that wait for their turn too: no shutdown waits for them', async () => {
    await send(3, { clock: new ManualClock(), sendsRetryAfter: true });
    await eventually(() => expect(released).toHaveLength(1));
    socket.destroy();
    await eventually(() => expect(server.registry.render()).toMatch(/^apiserver_request_aborts_total\{.*resource="nodes".*\} 1$/m));
    const closing = server.server.close(60_000);
    await expect(get('/livez')).rejects.toThrow('ECONNREFUSED');
    await closing;
    expect(released).toHaveLength(1);
  });
});

test('requests other than reading have a limit of their own', async () => {
  let release = (): void => {};
  let begin = (): void => {};
  const released = new Promise<void>((resolve) => { release = resolve; });
  const begun = new Promise<void>((resolve) => { begin = resolve; });
  const authorize = async ({ verb }: { verb: string }) => {
    if (verb === 'create') {
      begin();
      await released;
    }
    return { allowed: true };
  };
  await start({ authorizer: { authorize }, maxMutatingRequestsInFlight: 1 });
  const post = () => server.ask(nodes, { identity: pki.alice, method: 'POST' });
  const first = post();
  await begun;
  expect(await post()).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
  expect((await get()).status).toBe(200);
  expect(server.registry.render()).toContain('apiserver_current_inflight_requests{request_kind="mutating"} 1');
  release();
  expect((await first).status).toBe(405);
});

describe('a request that takes too long', () => {
  test('is answered 504 and told to stop', async () => {
    const clock = new ManualClock();
    const held = heldHandler();
    await start({ groupVersions: [held.groupVersion], clock, requestTimeoutMs: 60_000 });
    const answer = get();
    const { signal } = await held.request;
    clock.advance(60_000);
    expect(signal.aborted).toBe(true);
    const { status, body } = await answer;
    expect(status).toBe(504);
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', reason: 'Timeout', code: 504 });
  });

  test('is told to stop when the client is gone', async () => {
    const held = heldHandler();
    await start({ groupVersions: [held.groupVersion] });
    const session = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key });
    session.on('error', () => {});
    const stream = session.request({ ':path': nodes });
    stream.on('error', () => {});
    const { signal } = await held.request;
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    stream.close(constants.NGHTTP2_CANCEL);
    await aborted;
    session.destroy();
    await eventually(() => expect(server.registry.render()).toMatch(/^apiserver_request_aborts_total\{.*resource="nodes".*\} 1$/m));
  });
});

describe('what goes wrong inside', () => {
  test('is not that too many reviews wait: clients are told so, and the log is not', async () => {
    const logged: unknown[] = [];
    const log = (...line: unknown[]) => logged.push(line);
    const busy = async () => { throw StatusError.tooManyRequests(); };
    await start({ authorizer: { authorize: busy }, logger: { info() {}, verbose() {}, warn: log, error: log } });
    expect((await get()).status).toBe(429);
    await server.stop();
    await start({ authenticator: new AuthenticatorChain([{ authenticate: busy }]), logger: { info() {}, verbose() {}, warn: log, error: log } });
    expect((await get()).status).toBe(429);
    expect(logged).toEqual([]);
  });

  test('is told to the log, not to the client', async () => {
    const logged: unknown[] = [];
    const logger = { info() {}, warn() {}, verbose() {}, error: (...line: unknown[]) => logged.push(line) };
    const groupVersions = [fakeMetricsApi('v1beta1', { handle: () => { throw new Error('secret detail'); } })];
    await start({ groupVersions, logger });
    const { status, body } = await get();
    expect(status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ kind: 'Status', reason: 'InternalError', code: 500 });
    expect(body).not.toContain('secret detail');
    expect(JSON.stringify(logged)).toContain('secret detail');
  });

  test.each([[0, 500], [20_000, undefined]])('after %i objects of a list', async (count, expectedStatus) => {
    const items = function* () {
      for (let index = 0; index < count; index++) yield new RecordedItem({ metadata: { name: `node-${index}` } });
      throw new Error('broken');
    };
    await start({ groupVersions: [fakeMetricsApi('v1beta1', { handle: () => ({ kind: 'NodeMetricsList', items: items() }) })] });
    for (const ask of [askHttp1, askHttp2]) {
      if (expectedStatus) expect((await get(nodes, ask)).status).toBe(expectedStatus);
      else await expect(get(nodes, ask)).rejects.toThrow();
    }
    expect((await get('/livez')).status).toBe(200);
  });

  test('an authorization that fails is a plain 500', async () => {
    await start({ authorizer: { authorize: () => Promise.reject(new Error('connection refused')) } });
    expect(await get(`${nodes}?labelSelector=a%3Db`)).toMatchObject({
      status: 500,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: `Internal Server Error: "${nodes}?labelSelector=a%3Db": connection refused\n`,
    });
  });
});

describe('TLS', () => {
  test('a new serving certificate is used for new connections, a broken one is refused', async () => {
    await start();
    const next = await issueCertificate(pki.clientCa, { commonName: 'next', usages: ['server'] });
    server.server.setServingCertificate({ cert: next.certificate, key: next.key });
    expect(() => server.server.setServingCertificate({ cert: next.certificate, key: pki.serving.key })).toThrow();
    const socket = await tls();
    expect(socket.getPeerCertificate().subject.CN).toBe('next');
    socket.destroy();
    expect((await get()).status).toBe(200);
  });

  test('a session is not resumed: it would outlive the CA of its client certificate', async () => {
    await start();
    const sessions: Buffer[] = [];
    const first = await tls((session) => sessions.push(session));
    first.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => first.once('data', resolve));
    const session = sessions.at(-1) ?? first.getSession();
    first.destroy();
    const second = await tls(undefined, session);
    expect(second.isSessionReused()).toBe(false);
    second.destroy();
  });

  test('TLS 1.1 is refused', async () => {
    await start();
    await expect(tls(undefined, undefined, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
    expect((await get()).status).toBe(200);
  });

  test('the CA of a connection\'s certificate is asked for at each of its requests', async () => {
    await start();
    const session = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key });
    expect(await statusOf(session)).toBe(200);
    server.settings = { clientCa: pki.frontProxyCa.certificate };
    expect(await statusOf(session)).toBe(401);
    session.close();
  });

  function tls(onSession?: (session: Buffer) => void, session?: Buffer, more: object = {}): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const socket = connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, session, ALPNProtocols: ['http/1.1'], ...more }, () => resolve(socket));
      if (onSession) socket.on('session', onSession);
      socket.on('error', reject);
    });
  }
});

describe('clients that misbehave do no harm to others', () => {
  beforeEach(() => start());

  afterEach(async () => {
    expect((await get()).status).toBe(200);
    expect((await get(nodes, askHttp2)).status).toBe(200);
  });

  test.each([
    ['headers', (kilobytes: number, ask: Ask) => server.ask('/livez', { headers: { 'x-large': '~'.repeat(kilobytes * 1024) } }, ask)],
    ['a target', (kilobytes: number, ask: Ask) => server.ask(`/livez?${'~'.repeat(kilobytes * 1024)}`, {}, ask)],
  ])('%s may be large, and not huge', async (_, send) => {
    for (const ask of [askHttp1, askHttp2]) expect((await send(59, ask)).status).toBe(200);
    for (const kilobytes of [61, 800, 2048]) {
      // The connection may be gone before all of it is sent.
      expect(await send(kilobytes, askHttp1).then(({ status }) => status, () => 431)).toBe(431);
    }
    // Four more until the client has heard of the limit.
    for (const kilobytes of [65, 2048]) await expect(send(kilobytes, askHttp2)).rejects.toThrow();
  });

  test('a long selector is not read before its request is authorized, as if it had none', async () => {
    const long = encodeURIComponent('!!,'.repeat(1500));
    server.cluster.allows = () => false;
    expect((await get(`${nodes}?fieldSelector=metadata.name%3Da&labelSelector=${long}`)).status).toBe(403);
    expect(server.reviews.at(-1)!.spec.resourceAttributes).toEqual({ verb: 'list', group: 'metrics.k8s.io', version: 'v1beta1', resource: 'nodes' });
    server.cluster.allows = () => true;
    expect((await get(`${nodes}?labelSelector=${long}`)).status).toBe(400);
  });

  test.each([
    ['HTTP/1.1', askHttp1, (answer: Promise<{ status: number }>) => expect(answer).resolves.toMatchObject({ status: 431 })],
    ['HTTP/2', askHttp2, (answer: Promise<{ status: number }>) => expect(answer).rejects.toThrow('ENHANCE_YOUR_CALM')],
  ])('many headers over %s count, all of them, and too many are refused', async (_protocol, ask, expectRefusal) => {
    const alice = { 'x-remote-user': 'alice', 'x-remote-group': ['devs', 'ops'] };
    const asAlice = (count: number) => {
      const fillers = Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '']));
      return server.ask(nodes, { identity: pki.frontProxy, headers: { ...fillers, ...alice } }, ask);
    };
    await asAlice(1900);
    expect(server.reviews.at(-1)!.spec).toMatchObject({ user: 'alice', groups: ['devs', 'ops', 'system:authenticated'] });
    await expectRefusal(asAlice(2100));
    expect(server.reviews).toHaveLength(1);
  });

  test('plain text on the TLS port', async () => {
    await closed(connectTcp(server.port, '127.0.0.1'), 'GET / HTTP/1.1\r\n\r\n');
    await eventually(() => expect(server.registry.render()).toMatch(/^apiserver_tls_handshake_errors_total 1$/m));
  });

  test('garbage inside TLS', async () => {
    await closed(connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }), '\0\0garbage\r\n\r\n');
    await closed(connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] }), 'no preface at all, just text\r\n\r\n');
  });

  function closed(socket: ReturnType<typeof connectTcp>, text: string): Promise<unknown> {
    socket.on('error', () => {});
    socket.write(text);
    socket.resume();
    return new Promise((resolve) => socket.once('close', resolve));
  }
});

describe('streams that are reset as fast as they are opened', () => {
  let socket: Socket;

  // Node's client does not always notice that its session has ended.
  afterEach(() => socket.destroy());

  async function connect(): Promise<ClientHttp2Session> {
    const session = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key });
    session.on('error', () => {});
    await new Promise<void>((resolve) => session.once('connect', (_, connected) => {
      socket = connected;
      resolve();
    }));
    return session;
  }

  /** Opens so many, some of them at the same time, and resets each at once. Resolves when all are done, if the server lets them. */
  function reset(session: ClientHttp2Session, count: number, code: number = constants.NGHTTP2_CANCEL): Promise<void> {
    let left = count;
    let closed = 0;
    return new Promise((resolve) => {
      const open = () => {
        if (session.destroyed || left-- <= 0) return;
        const stream = session.request({ ':path': nodes });
        stream.on('error', () => {}).on('close', () => ++closed === count ? resolve() : open()).resume();
        setImmediate(() => stream.close(code));
      };
      for (let index = 0; index < 90; index++) open();
    });
  }

  const handle = () => new Promise<ApiResult>(() => {});

  test.each([
    ['before their answer', { groupVersions: [fakeMetricsApi('v1beta1', { handle })] }, constants.NGHTTP2_CANCEL],
    ['maybe after it', {}, constants.NGHTTP2_CANCEL],
    ['as if nothing was wrong', { groupVersions: [fakeMetricsApi('v1beta1', { handle })] }, constants.NGHTTP2_NO_ERROR],
  ])('%s cost their connection after a while', async (_how, options, code) => {
    // Whose time stands still: on a slow machine they come no faster than some are permitted.
    await start({ ...options, clock: new ManualClock() });
    void reset(await connect(), 5000, code);
    await eventually(() => expect(server.registry.render()).toMatch(/^metrics_server_connections_closed_for_resets_total 1$/m));
    expect(server.reviews.length).toBeLessThan(2000);
    expect((await get('/livez')).status).toBe(200);
  });

  test('cost nothing when they are few', async () => {
    await start();
    const session = await connect();
    await reset(session, 100);
    expect(await statusOf(session)).toBe(200);
  });
});

test('a request that is reset in the same breath is not looked at', async () => {
  await start();
  const session = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key });
  await new Promise((resolve) => session.once('remoteSettings', resolve));
  const stream = session.request({ ':path': nodes });
  stream.on('error', () => {}).close(constants.NGHTTP2_CANCEL);
  await get('/livez');
  session.destroy();
  expect(server.reviews).toEqual([]);
});

describe('connections of HTTP/2 end', () => {
  let clock: ManualClock;
  let session: ClientHttp2Session;

  beforeEach(async () => {
    clock = new ManualClock();
    const held = heldHandler();
    await start({ clock, groupVersions: [held.groupVersion] });
    held.release();
    session = connectHttp2(`https://127.0.0.1:${server.port}`, {
      rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key, settings: { initialWindowSize: 0 },
    });
    session.on('error', () => {});
    await new Promise((resolve) => session.once('remoteSettings', resolve));
  });

  afterEach(() => session.destroy());

  const ping = () => new Promise<void>((resolve, reject) => session.ping((error) => error ? reject(error) : resolve()));

  test('when nothing was asked for a while, whatever else is sent', async () => {
    const told = new Promise((resolve) => session.once('goaway', resolve));
    const gone = new Promise((resolve) => session.once('close', resolve));
    await ping();
    clock.advance(60_000);
    await ping();
    clock.advance(30_000);
    expect(await told).toBe(constants.NGHTTP2_NO_ERROR);
    clock.advance(5_000);
    await gone;
  });

  test('when the headers of a request do not end', async () => {
    const socket = connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    const gone = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
    const settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    const headersWithoutEnd = [0, 0, 1, 1, 0, 0, 0, 0, 1, 0x82];
    socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([...settings, ...headersWithoutEnd])]));
    await new Promise((resolve) => socket.once('data', resolve));
    socket.resume();
    clock.advance(90_000);
    clock.advance(5_000);
    await gone;
  });

  test('their streams, when the client does not read what it asked for', async () => {
    const stream = session.request({ ':path': nodes });
    const ended = new Promise((resolve) => stream.on('error', () => {}).once('close', resolve));
    await new Promise((resolve) => stream.once('response', resolve));
    await ping();
    clock.advance(4_999);
    await ping();
    expect(stream.closed).toBe(false);
    clock.advance(1);
    stream.resume();
    await ended;
  });
});

test('a stream ends with its answer, even when the client never ends its request', async () => {
  await start();
  const session = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false });
  const stream = session.request({ ':path': '/livez', ':method': 'POST' }, { endStream: false });
  let status: number | undefined;
  stream.on('response', (headers) => { status = headers[':status']; }).resume();
  await new Promise((resolve) => stream.once('close', resolve));
  expect([status, stream.rstCode]).toEqual([200, constants.NGHTTP2_NO_ERROR]);
  session.close();
});

test('a request survives those beside it whose headers are too large', async () => {
  const held = heldHandler();
  await start({ groupVersions: [held.groupVersion] });
  const session = connectHttp2(`https://127.0.0.1:${server.port}`, {
    rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key, maxSendHeaderBlockLength: 1024 * 1024,
  });
  const first = statusOf(session);
  await Promise.all([held.request, new Promise((resolve) => session.once('remoteSettings', resolve))]);
  expect(session.remoteSettings.maxHeaderListSize).toBe(60 * 1024);

  const inOne = { 'x-large': '~'.repeat(62 * 1024) };
  const inMany = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`x-${index}`, '~'.repeat(10 * 1024)]));
  for (const headers of [inOne, inMany]) {
    const stream = session.request({ ':path': '/livez', ...headers });
    const ended = new Promise((resolve, reject) => stream.on('error', reject).on('end', resolve).resume());
    await expect(ended).rejects.toThrow('ENHANCE_YOUR_CALM');
  }
  held.release();
  expect(await first).toBe(200);
  session.close();
});

test('no more than 128 connections are held', async () => {
  await start();
  const sockets = await Promise.all(Array.from({ length: 129 }, () => new Promise<Socket>((resolve) => {
    const socket = connectTcp(server.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => {});
  })));
  const refused = await Promise.race(sockets.map((socket) => new Promise<Socket>((resolve) => socket.resume().once('close', () => resolve(socket)))));
  expect(sockets.filter((socket) => socket.destroyed)).toEqual([refused]);
  sockets.forEach((socket) => socket.destroy());
});

test('--livez-grace-period: /livez passes meanwhile', async () => {
  const clock = new ManualClock();
  const check = { name: 'metric-collection-timely', check: () => 'late' };
  await start({ clock, healthChecks: { livez: [check], readyz: [], healthz: [] }, livezGracePeriodMs: 5_000 });
  clock.advance(4_999);
  expect((await get('/livez')).status).toBe(200);
  clock.advance(1);
  expect((await get('/livez')).status).toBe(500);
});

describe('shutting down', () => {
  test('not ready at once, but everything is served until the end', async () => {
    await start();
    server.server.beginShutdown();
    expect(await get('/readyz')).toMatchObject({ status: 500 });
    expect((await get('/readyz')).body).toContain('[-]shutdown failed: reason withheld\nreadyz check failed\n');
    expect((await get('/readyz/shutdown')).body).toBe('internal server error: process is shutting down\n');
    expect((await get('/livez')).status).toBe(200);
    expect((await get()).status).toBe(200);
  });

  test.each([['HTTP/1.1', askHttp1], ['HTTP/2', askHttp2]])('a request over %s that is under way is answered', async (_protocol, ask) => {
    const held = heldHandler();
    await start({ groupVersions: [held.groupVersion] });
    const answer = get(nodes, ask);
    await held.request;
    const closing = server.server.close(60_000);
    await expect(get('/livez', ask)).rejects.toThrow();
    held.release();
    expect((await answer).status).toBe(200);
    await closing;
  });

  test.each([
    ['TCP', () => connectTcp(server.port, '127.0.0.1')],
    ['TLS', () => connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false })],
  ])('a %s connection on which nothing was ever asked does not hold it up', async (protocol, connect) => {
    const clock = new ManualClock();
    await start({ clock });
    const socket = connect();
    const closed = new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
    await new Promise((resolve) => socket.once(protocol === 'TLS' ? 'secureConnect' : 'connect', resolve));
    const closing = server.server.close(20_000);
    clock.advance(1_000);
    await closing;
    await closed;
  });

  test.each([['HTTP/1.1', askHttp1], ['HTTP/2', askHttp2]])('--shutdown-send-retry-after: while a request is under way, others over %s are answered 429', async (_protocol, ask) => {
    const clock = new ManualClock();
    const held = heldHandler();
    await start({ groupVersions: [held.groupVersion], clock, sendsRetryAfter: true });
    const answer = get(nodes, ask);
    await held.request;
    const closing = server.server.close(60_000);
    expect(await get(nodes, ask)).toMatchObject({
      status: 429, headers: { 'retry-after': '5', ...ask === askHttp1 && { connection: 'close' } }, body: expect.stringContaining('shutting down') as string,
    });
    expect((await get('/livez', ask)).status).toBe(200);
    expect((await get('/metrics', ask)).status).toBe(200);
    held.release();
    expect((await answer).status).toBe(200);
    clock.advance(1_000);
    await expect(get('/livez', ask)).rejects.toThrow();
    clock.advance(1_000);
    await closing;
  });

  test('--shutdown-send-retry-after: no longer than the drain takes', async () => {
    const clock = new ManualClock();
    const held = heldHandler();
    await start({ groupVersions: [held.groupVersion], clock, sendsRetryAfter: true });
    const answer = get();
    const refused = expect(answer).rejects.toThrow();
    await held.request;
    const closing = server.server.close(5_000);
    for (let second = 0; second < 6; second++) {
      clock.advance(1_000);
      await new Promise(setImmediate);
    }
    await closing;
    await refused;
  });

  test('what is still under way after the drain is cut off', async () => {
    const clock = new ManualClock();
    const held = heldHandler();
    await start({ groupVersions: [held.groupVersion], clock });
    const answer = get();
    await held.request;
    const closing = server.server.close(5_000);
    clock.advance(5_000);
    await closing;
    await expect(answer).rejects.toThrow();
  });
});

describe('long lists', () => {
  const size = 20_000;
  let produced: number;
  let abandoned: boolean;

  function longList(): ApiResult {
    produced = 0;
    abandoned = false;
    const items = function* () {
      try {
        for (; produced < size; produced++) yield new RecordedItem({ metadata: { name: `node-${produced}` } }, [`node-${produced}`]);
      } finally {
        abandoned = produced < size;
      }
    };
    return { kind: 'NodeMetricsList', items: items(), columns: [{ name: 'Name', type: 'string', format: 'name', description: '' }] };
  }

  beforeEach(() => start({ groupVersions: [fakeMetricsApi('v1beta1', { handle: longList })] }));

  test.each([
    ['JSON', askHttp1, {}], ['JSON', askHttp2, {}],
    ['gzip', askHttp1, { 'accept-encoding': 'gzip' }], ['gzip', askHttp2, { 'accept-encoding': 'gzip' }],
    ['indented', askHttp1, { 'user-agent': 'curl/8' }],
  ])('arrive whole: %s', async (_form, ask, headers) => {
    const answer = await server.ask(nodes, { identity: pki.alice, headers }, ask);
    const { items } = JSON.parse(answer.body) as { items: { metadata: { name: string } }[] };
    expect(items.map(({ metadata }) => metadata.name)).toEqual(Array.from({ length: size }, (_, index) => `node-${index}`));
    expect(answer.headers['content-encoding']).toBe('accept-encoding' in headers ? 'gzip' : undefined);
  });

  test('are not made for a client that does not read, nor for one that is gone', async () => {
    const session = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key });
    session.on('error', () => {});
    const stream = session.request({ ':path': nodes });
    stream.on('error', () => {});
    await new Promise((resolve) => stream.once('response', resolve));
    await get('/livez');
    expect(produced).toBeLessThan(size);
    session.destroy();
    while (!abandoned) await get('/livez');
  });

  test('end with the time of their request for a client that does not read', async () => {
    await server.stop();
    const clock = new ManualClock();
    await start({ clock, requestTimeoutMs: 60_000, groupVersions: [fakeMetricsApi('v1beta1', { handle: longList })] });
    const session = connectHttp2(`https://127.0.0.1:${server.port}`, {
      rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key, settings: { initialWindowSize: 0 },
    });
    session.on('error', () => {});
    await new Promise((resolve) => session.once('remoteSettings', resolve));
    const stream = session.request({ ':path': nodes });
    const ended = new Promise((resolve) => stream.on('error', () => {}).once('close', resolve));
    await new Promise((resolve) => stream.once('response', resolve));
    clock.advance(59_999);
    await new Promise<void>((resolve, reject) => session.ping((error) => error ? reject(error) : resolve()));
    expect(stream.closed).toBe(false);
    clock.advance(1);
    await ended;
    expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    session.destroy();
  });

  test('short ones are not zipped', async () => {
    expect((await server.ask('/apis', { identity: pki.alice, headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding']).toBeUndefined();
  });
});

function statusOf(session: ClientHttp2Session): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': nodes });
    stream.on('response', (headers) => resolve(Number(headers[':status'])));
    stream.on('error', reject);
    stream.resume();
  });
}
