import { ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp, Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { createTestPki, TestPki, TestServer } from './test-server';
import { ManualClock } from '../manual-clock';

let pki: TestPki;
let server: TestServer;

beforeAll(async () => {
  pki = await createTestPki();
});

afterEach(() => server.stop());

describe.each([
  ['IPv4', '127.0.0.1', '127.0.0.1'],
  ['IPv6', '::1', '::1'],
  ['both families, from IPv4', '0.0.0.0', '127.0.0.1'],
  ['both families, from IPv6', '::', '::1'],
])('when the CAs change while kube-apiserver connects, over %s,', (_family, listenOn, connectTo) => {
  beforeEach(async () => {
    server = await TestServer.start(pki, {}, { host: listenOn });
    server.cluster.allows = ({ user }) => user === 'bob';
    // As before the ConfigMap is read.
    server.server.setClientCas([]);
  });

  function change(): void {
    server.server.setClientCas([pki.clientCa.certificate, pki.frontProxyCa.certificate]);
  }

  /** A connection that is accepted, on which nothing was sent yet. */
  async function accepted(): Promise<Socket> {
    const socket = connectTcp(server.port, connectTo);
    await new Promise((resolve) => socket.once('connect', resolve));
    // Its turn comes before that of another.
    (await handshake(connectTcp(server.port, connectTo), 'http/1.1')).destroy();
    return socket;
  }

  function handshake(socket: Socket, protocol: string): Promise<TLSSocket> {
    const { certificate: cert, key } = pki.frontProxy;
    return new Promise((resolve, reject) => {
      const tls = connectTls({ socket, cert, key, rejectUnauthorized: false, ALPNProtocols: [protocol] }, () => resolve(tls));
      tls.on('error', reject);
    });
  }

  async function session(socket: Socket): Promise<ClientHttp2Session> {
    const tls = await handshake(socket, 'h2');
    return connectHttp2('https://localhost', { createConnection: () => tls });
  }

  /** Asks over HTTP/1.1, and resolves with the head of the answer. */
  function ask(socket: TLSSocket): Promise<string> {
    socket.write('GET /apis HTTP/1.1\r\nHost: localhost\r\nX-Remote-User: bob\r\n\r\n');
    return new Promise((resolve, reject) => {
      let text = '';
      const end = () => reject(new Error(`the connection ended after ${JSON.stringify(text)}`));
      socket.on('error', reject).on('close', end).on('data', (data) => {
        text += data;
        if (text.includes('\r\n\r\n')) resolve(text.split('\r\n\r\n')[0]);
      });
    });
  }

  test('it is told to come back before it asks (HTTP/2)', async () => {
    const socket = await accepted();
    change();
    const before = await session(socket);
    const gone = new Promise((resolve) => before.once('close', resolve));
    expect(await new Promise((resolve) => before.once('goaway', resolve))).toBe(0);
    await gone;
  });

  test.each([
    ['during', async () => {
      const socket = await accepted();
      change();
      return handshake(socket, 'http/1.1');
    }],
    ['right after', async () => {
      const socket = await handshake(await accepted(), 'http/1.1');
      change();
      return socket;
    }],
  ])('it is answered once, not known, and told to come back: %s the handshake (HTTP/1.1)', async (_when, connected) => {
    const socket = await connected();
    const gone = new Promise((resolve) => socket.once('close', resolve));
    expect(await ask(socket)).toMatch(/^HTTP\/1\.1 401 [^]*\r\nconnection: close(\r\n|$)/i);
    await gone;
  });

  test('it is known and stays when it connects afterwards', async () => {
    await accepted();
    change();
    const over2 = await session(connectTcp(server.port, connectTo));
    const stream = over2.request({ ':path': '/apis', 'x-remote-user': 'bob' }).resume();
    expect(await new Promise((resolve, reject) => stream.on('error', reject).on('response', resolve))).toMatchObject({ ':status': 200 });
    expect(over2.closed).toBe(false);

    const head = await ask(await handshake(connectTcp(server.port, connectTo), 'http/1.1'));
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head).not.toMatch(/connection: close/i);
  });
});

test('a client that has connected and asks nothing is let go soon', async () => {
  const clock = new ManualClock();
  server = await TestServer.start(pki, { clock });
  const socket = connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  await server.ask('/livez');
  const gone = new Promise((resolve) => socket.resume().once('close', resolve));
  server.server.setClientCas([pki.clientCa.certificate]);
  clock.advance(5_000);
  await gone;
});
