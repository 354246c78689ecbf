import { ClientHttp2Session, constants, Settings } from 'node:http2';
import { connect as connectTcp, Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { answered, live, newFigures, ready } from './claims';
import { always, Destroyable, many, othersAreServed, request, session } from './clients';
import { Claim, End, Fault } from './fault';
import { API, Lab } from './lab';
import { askHttp1, askHttp2 } from '../runtime/server/client';
import { issueCertificate } from '../simulated-cluster/pki';

const KIB = 1024;
const REQUEST_TIMEOUT = '--request-timeout=10s';
const TOO_MANY_CONNECTIONS = 'W "Too many connections; closing those of strangers first" max=128…';
const MASTERS = { 'X-Remote-User': 'kubernetes-admin', 'X-Remote-Group': 'system:masters', 'X-Remote-Uid': '0', 'X-Remote-Extra-Scopes': 'all' };

export const CLIENT_FAULTS: readonly Fault[] = [
  {
    name: 'clients of HTTP/2 ask and do not read',
    setUp: () => ({ flags: [REQUEST_TIMEOUT] }),
    begin: (lab) => many(20, () => unreadHttp2(lab, 4)),
    served: othersAreServed,
    logged: [],
    counted: ['apiserver_request_total{code="200",resource="pods"}'],
  },
  {
    name: 'clients of HTTP/1.1 ask and do not read',
    setUp: () => ({ flags: [REQUEST_TIMEOUT] }),
    begin: (lab) => many(20, () => unreadHttp1(lab, 100)),
    served: [...othersAreServed, cutOff('such a connection, after 5 s')],
    logged: [],
    counted: ['apiserver_request_total{code="200"}'],
  },
  {
    name: 'more than 128 clients ask for long answers and do not read, again and again',
    begin: (lab) => flood(lab, '/openapi/v2', { sessions: 150, streams: 10, settings: { initialWindowSize: 0 } }),
    served: othersAreServed,
    logged: [],
    loggedAtTimes: [TOO_MANY_CONNECTIONS],
    // As long as they have few streams each, it is just what there is room for.
    loggedPerhaps: ['W "Clients leave too much unread; ending answers that nobody takes anything of" maxBytes=33554432…'],
    counted: ['metrics_server_connections_closed_for_room_total'],
  },
  {
    name: 'strangers ask a hundred times at once on each of 100 connections, and do not read the answers',
    begin: (lab) => flood(lab, `${API}/pods`, { sessions: 100, streams: 100, settings: { initialWindowSize: 0 }, areStrangers: true }),
    served: othersAreServed,
    logged: [],
    // Where connections of the moment before are not gone yet.
    loggedPerhaps: [TOO_MANY_CONNECTIONS],
    counted: ['apiserver_request_total{code="403"}'],
  },
  {
    name: 'more requests at the same time than --max-requests-inflight',
    setUp: () => ({ flags: ['--max-requests-inflight=20'] }),
    begin: async (lab) => {
      // Each waits for a review, and so takes a place.
      await lab.cluster.api.setFault({ kind: 'hang', path: /subjectaccessreviews/ });
      const asking = many(10, () => {
        const opened = session(lab);
        for (let index = 0; index < 4; index++) keepAsking(lab, opened, `${API}/nodes?labelSelector=${index}`);
        return opened;
      });
      return async () => {
        await asking();
        await lab.cluster.api.setFault();
      };
    },
    served: [
      answered('to other users, with Retry-After', 429, (lab) => lab.asViewer(`${API}/pods`)),
      answered('to superusers', 200, (lab) => lab.asAdmin(`${API}/pods`)),
      ready, live,
    ],
    logged: [],
    loggedPerhaps: ['E "Unable to authorize the request"…'],
    counted: ['apiserver_request_total{code="429"}'],
  },
  {
    name: 'a thousand requests in the same moment',
    begin: (lab) => flood(lab, `${API}/pods`, { sessions: 100, streams: 10 }),
    served: [newFigures(), ready, live],
    logged: [],
    // Where connections of the moment before are not gone yet.
    loggedPerhaps: [TOO_MANY_CONNECTIONS],
    counted: ['apiserver_request_total{code="200"}'],
  },
  {
    name: 'headers of 2 MB over HTTP/1.1',
    begin: (lab) => always(() => askHttp1(lab.port, '/livez', { headers: { 'x-large': '~'.repeat(2048 * KIB) } })),
    served: othersAreServed,
    logged: [],
    counted: [],
  },
  {
    name: 'headers of 2 MB over HTTP/2',
    begin: (lab) => always(() => askHttp2(lab.port, '/livez', { headers: { 'x-large': '~'.repeat(2048 * KIB) } })),
    served: othersAreServed,
    logged: [],
    counted: [],
  },
  {
    name: 'strangers ask by selectors as long as a request may be, and longer',
    begin: (lab) => always(async () => {
      for (const kilobytes of [50, 800]) await askHttp1(lab.port, `${API}/pods?labelSelector=${'a,'.repeat(kilobytes * KIB / 2)}a`).catch(() => {});
    }),
    served: othersAreServed,
    logged: [],
    counted: ['apiserver_request_total{code="403"}'],
  },
  {
    name: 'ten thousand headers',
    begin: (lab) => {
      const headers = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`x-${index}`, '']));
      return always(() => askHttp1(lab.port, '/livez', { headers }));
    },
    served: othersAreServed,
    logged: [],
    counted: [],
  },
  {
    name: 'headers that come a byte a second',
    begin: (lab) => many(50, () => {
      const socket = plainTls(lab, 'http/1.1');
      const timer = setInterval(() => socket.write('x'), 1_000);
      socket.on('close', () => clearInterval(timer));
      socket.write('GET /livez HTTP/1.1\r\nx-slow: ');
      return socket;
    }),
    served: [...othersAreServed, cutOff('such a connection, after half a minute')],
    logged: [],
    counted: [],
  },
  {
    name: 'requests over HTTP/2 are reset before they are answered',
    begin: (lab) => always(() => resetStreams(lab, 20, 20)),
    served: othersAreServed,
    logged: [],
    counted: ['apiserver_request_aborts_total'],
  },
  {
    name: 'rapid reset: requests over HTTP/2 are reset as fast as they are opened',
    begin: (lab) => always(() => resetStreams(lab, 5_000, 5)),
    served: othersAreServed,
    logged: [],
    counted: ['apiserver_request_aborts_total', 'metrics_server_connections_closed_for_resets_total'],
  },
  {
    name: 'TLS handshakes are broken off',
    begin: (lab) => always(async () => truncatedHandshakes(lab, 20)),
    served: othersAreServed,
    logged: [],
    counted: ['apiserver_tls_handshake_errors_total'],
  },
  {
    name: 'something else than TLS, and than HTTP in TLS',
    begin: (lab) => always(async () => {
      await gone(connectTcp(lab.port, '127.0.0.1'), 'GET / HTTP/1.1\r\n\r\n');
      await gone(plainTls(lab, 'http/1.1'), '\0\0garbage\r\n\r\n');
      await gone(plainTls(lab, 'h2'), 'no preface at all, just text\r\n\r\n');
    }),
    served: othersAreServed,
    logged: [],
    counted: ['apiserver_tls_handshake_errors_total'],
  },
  {
    name: '100 connections on which nothing is said',
    begin: (lab) => many(100, () => connectTcp(lab.port, '127.0.0.1').on('error', () => {})),
    served: [...othersAreServed, cutOff('them, after half a minute')],
    logged: [],
    counted: ['apiserver_tls_handshake_errors_total'],
  },
  {
    name: '1,100 encrypted connections on which nothing is asked',
    begin: (lab) => encryptedConnections(lab, 1100),
    served: othersAreServed,
    logged: [],
    loggedAtTimes: [TOO_MANY_CONNECTIONS],
    counted: ['metrics_server_connections_closed_for_room_total'],
  },
  {
    name: 'identity headers without the front proxy\'s certificate',
    begin: () => () => {},
    served: [
      answered('without a certificate', 403, (lab) => lab.ask(`${API}/nodes`, { headers: MASTERS })),
      answered('with a certificate of the cluster', 403, async (lab) => {
        const identity = await issueCertificate(lab.cluster.ca, { commonName: 'mallory', usages: ['client'] });
        return lab.ask(`${API}/nodes`, { identity, headers: MASTERS });
      }),
      answered('with the front proxy\'s name in a certificate of the cluster', 403, async (lab) => {
        const identity = await issueCertificate(lab.cluster.ca, { commonName: 'front-proxy-client', usages: ['client'] });
        return lab.ask(`${API}/nodes`, { identity, headers: MASTERS });
      }),
      answered('to users who add `Impersonate-User`', 403, (lab) => (
        lab.ask(`${API}/nodes`, { headers: { 'authorization': `Bearer ${lab.viewer}`, 'Impersonate-User': 'kubernetes-admin' } })
      )),
      ...othersAreServed,
    ],
    logged: [],
    counted: ['apiserver_request_total{code="403"}'],
  },
];

/** Those of reviews and of our own questions may be left. */
const OTHER_SOCKETS = 10;

function cutOff(what: string): Claim {
  return {
    says: `the runtime cuts off ${what}`,
    holds: async (lab) => expect(lab.openSockets()).toBeLessThanOrEqual(lab.restingSockets + OTHER_SOCKETS),
  };
}

interface Flood {
  readonly sessions: number;
  readonly streams: number;
  readonly settings?: Settings;
  /** @default they are the viewer */
  readonly areStrangers?: boolean;
}

/** As many requests at the same moment as these make, and again when all are over. */
function flood(lab: Lab, path: string, { areStrangers, ...clients }: Flood): End {
  const headers = { ':path': path, ...!areStrangers && { authorization: `Bearer ${lab.viewer}` } };
  const worker = new Worker(join(__dirname, 'flood.js'), { workerData: { url: `https://127.0.0.1:${lab.port}`, headers, ...clients } });
  return () => void worker.terminate();
}

/** One after the other: kubelets run in this process, and have to answer meanwhile. */
async function encryptedConnections(lab: Lab, count: number): Promise<End> {
  const clients: Destroyable[] = [];
  while (clients.length < count) {
    const client = connectTls({ port: lab.port, host: '127.0.0.1', rejectUnauthorized: false }).on('error', () => {});
    await new Promise((resolve) => client.once('secureConnect', resolve).once('close', resolve));
    clients.push(client);
  }
  return () => clients.forEach((client) => client.destroy());
}

/** Again when it has been answered. */
function keepAsking(lab: Lab, on: ClientHttp2Session, path: string): void {
  if (on.destroyed) return;
  request(lab, on, path).on('close', () => setTimeout(() => keepAsking(lab, on, path), 100)).resume();
}

/** With a window of nothing. */
function unreadHttp2(lab: Lab, streams: number): Destroyable {
  const opened = session(lab, { settings: { initialWindowSize: 0 } });
  opened.once('remoteSettings', () => {
    for (let index = 0; index < streams; index++) request(lab, opened);
  });
  return opened;
}

function unreadHttp1(lab: Lab, requests: number): Destroyable {
  const socket = plainTls(lab, 'http/1.1');
  socket.pause();
  socket.write(`GET /openapi/v2 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${lab.viewer}\r\n\r\n`.repeat(requests));
  return socket;
}

/** Of streams that are reset. */
const CONNECTION_MS = 2_000;

/** So many, some of them at the same time. */
function resetStreams(lab: Lab, count: number, atOnce: number): Promise<void> {
  const opened = session(lab);
  let left = count;
  return new Promise((resolve) => {
    opened.on('close', resolve);
    const next = () => {
      if (opened.destroyed) return;
      if (left-- <= 0) return opened.destroy();
      const stream = request(lab, opened).on('close', next);
      stream.resume();
      setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
    };
    // A stream that is closed before there is a connection is never sent.
    opened.on('connect', (_, socket) => {
      socket.on('close', resolve);
      // Node's client does not always notice that the server has cut it off.
      setTimeout(() => socket.destroy(), CONNECTION_MS).unref();
      for (let index = 0; index < atOnce; index++) next();
    });
  });
}

/** The first bytes of a ClientHello that announces more. */
const HALF_CLIENT_HELLO = Buffer.from('1603010200010001fc0303', 'hex');

async function truncatedHandshakes(lab: Lab, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => new Promise((resolve) => {
    const socket = connectTcp(lab.port, '127.0.0.1', () => {
      socket.write(HALF_CLIENT_HELLO);
      setTimeout(() => index % 2 === 0 ? socket.destroy() : socket.resetAndDestroy(), 20);
    });
    socket.on('error', () => {}).on('close', resolve);
  })));
}

function plainTls(lab: Lab, protocol: 'h2' | 'http/1.1'): Socket {
  return connectTls({ port: lab.port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: [protocol] }).on('error', () => {});
}

function gone(socket: Socket, text: string): Promise<unknown> {
  socket.on('error', () => {}).write(text);
  socket.resume();
  return new Promise((resolve) => socket.once('close', resolve));
}
