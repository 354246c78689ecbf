import { EventEmitter, once } from 'node:events';
import { ClientHttp2Session, connect, constants, Settings } from 'node:http2';
import { Socket } from 'node:net';
import { fakeMetricsApi } from './fake-metrics-api';
import { createTestPki, TestPki, TestServer } from './test-server';
import { ApiServerOptions } from '../../../src/runtime/server/api-server';
import { FRONT_PROXY } from '../../../src/runtime/server/owner';
import { StreamLimit } from '../../../src/runtime/server/stream-limit';
import { eventually } from '../../e2e/control-plane/eventually';
import { Identity } from '../../simulated-cluster/pki';

describe('of connections that may be kube-apiserver\'s and have as many streams from the start, there are five', () => {
  const socket = () => Object.assign(new EventEmitter(), { destroyed: false }) as unknown as Socket;
  let limit: StreamLimit;
  let presumed: Socket[];

  beforeEach(() => {
    limit = new StreamLimit(50);
    presumed = Array.from({ length: 5 }, socket);
    for (const each of presumed) expect(limit.ofNew(each, true)).toBe(50);
  });

  test('whoever comes next has few, and more when it is kube-apiserver\'s: any number of these', () => {
    for (let index = 0; index < 20; index++) {
      const next = socket();
      expect(limit.ofNew(next, true)).toBe(5);
      expect(limit.raisedFor(next, 'alice')).toBeUndefined();
      expect(limit.raisedFor(next, FRONT_PROXY)).toBe(50);
      expect(limit.raisedFor(next, FRONT_PROXY)).toBeUndefined();
    }
  });

  test('one that ends leaves its place, and so does one that is', () => {
    presumed[0].emit('close');
    expect(limit.ofNew(socket(), true)).toBe(50);
    expect(limit.raisedFor(presumed[1], FRONT_PROXY)).toBeUndefined();
    expect(limit.ofNew(socket(), true)).toBe(50);
    expect(limit.ofNew(socket(), true)).toBe(5);
  });
});

describe('a client of HTTP/2 is told how many streams it may have', () => {
  let pki: TestPki;
  let server: TestServer;
  let session: ClientHttp2Session;

  beforeAll(async () => { pki = await createTestPki(); });

  afterEach(async () => {
    session.destroy();
    await server.stop();
  });

  /** Returns what is said first. */
  async function begin(identity?: Identity, options: Partial<ApiServerOptions> = {}): Promise<number | undefined> {
    server = await TestServer.start(pki, options);
    session = connect(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert: identity?.certificate, key: identity?.key });
    session.on('error', () => {});
    return told();
  }

  async function told(): Promise<number | undefined> {
    const [settings] = await once(session, 'remoteSettings') as [Settings];
    return settings.maxConcurrentStreams;
  }

  test.each([
    ['a stranger', undefined, {}, 5],
    ['a stranger, where fewer are allowed', undefined, { maxStreamsPerConnection: 3 }, 3],
    ['who shows a certificate of the cluster', 'frontProxy', {}, 100],
    ['who shows a certificate of the cluster, where another number is allowed', 'frontProxy', { maxStreamsPerConnection: 7 }, 7],
    ['who shows a certificate of somebody else', 'rogue', {}, 5],
  ] as const)('%s', async (_who, identity, http2, announced) => {
    expect(await begin(identity && pki[identity], { http2 })).toBe(announced);
  });

  test('kube-apiserver, where five others show a certificate of the cluster: as soon as it has asked', async () => {
    server = await TestServer.start(pki);
    const others = Array.from({ length: 5 }, () => connect(`https://127.0.0.1:${server.port}`, {
      rejectUnauthorized: false, cert: pki.alice.certificate, key: pki.alice.key,
    }));
    try {
      await Promise.all(others.map((other) => once(other, 'remoteSettings')));
      session = connect(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false, cert: pki.frontProxy.certificate, key: pki.frontProxy.key });
      expect(await told()).toBe(5);
      session.request({ ':path': '/apis', 'x-remote-user': 'bob' }).resume();
      expect(await told()).toBe(100);
    } finally {
      others.forEach((other) => other.destroy());
    }
  });

  test('and what it asks beyond them, before it has heard of that, is refused, so that it may ask again', async () => {
    const asked: unknown[] = [];
    const handle = () => new Promise<never>(() => asked.push(undefined));
    server = await TestServer.start(pki, { groupVersions: [fakeMetricsApi('v1beta1', { handle })] });
    session = connect(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false });
    session.on('error', () => {});
    // Nothing of the server's is read until all are sent.
    const streams = Array.from({ length: 20 }, () => session.request({ ':path': '/apis/metrics.k8s.io/v1beta1/nodes' }).on('error', () => {}));
    const refused = streams.slice(5);
    await Promise.all(refused.map((stream) => new Promise((resolve) => stream.once('close', resolve))));
    expect(refused.map(({ rstCode }) => rstCode)).toEqual(Array(15).fill(constants.NGHTTP2_REFUSED_STREAM));
    await eventually(() => expect(asked).toHaveLength(5));
    expect(streams.slice(0, 5).some(({ closed }) => closed)).toBe(false);
  });
});
