import { AddressInfo, Server, Socket, connect, createServer } from 'node:net';
import { LoopbackKubelet, PAGE, answerPage } from './loopback-kubelet';
import { systemClock } from '../../../src/runtime/clock';
import { NodeRecord } from '../../../src/runtime/cluster/node';
import { PooledKubeletClient } from '../../../src/runtime/scrape/kubelet-client';
import { ScrapeOutcome } from '../../../src/runtime/scrape/outcome';
import { Identity, createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';

let ca: Identity;
let identity: Identity;
let requests: string[];
let sockets: Set<Socket>;
let answer: (head: string, socket: Socket) => void;
let proxy: Server;
let kubelet: LoopbackKubelet;
let client: PooledKubeletClient;

beforeAll(async () => {
  ca = await createCertificateAuthority('cluster');
  identity = await issueCertificate(ca, { commonName: 'system:node:node-1', dnsNames: ['node-1.internal'], usages: ['server'] });
});

beforeEach(async () => {
  requests = [];
  sockets = new Set();
  answer = tunnel;
  kubelet = await LoopbackKubelet.start(identity, answerPage);
  proxy = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.once('data', (head) => {
      requests.push(head.toString());
      answer(head.toString(), socket);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  client = clientThrough();
});

afterEach(async () => {
  client.close();
  await kubelet.stop();
  sockets.forEach((socket) => socket.destroy());
  await new Promise((resolve) => proxy.close(resolve));
});

/** Leads to the kubelet, whatever name is asked for: names of nodes are the proxy's to know. */
function tunnel(_head: string, socket: Socket): void {
  const there = connect(kubelet.port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(there).pipe(socket);
  });
  there.on('error', () => socket.destroy());
  socket.on('close', () => there.destroy());
}

function clientThrough(timeoutMs = 5_000): PooledKubeletClient {
  const { port } = proxy.address() as AddressInfo;
  return new PooledKubeletClient({
    clock: systemClock,
    address: { preferredTypes: ['InternalIP'], port: 10250, useNodeStatusPort: true },
    proxy: () => ({ host: '127.0.0.1', port, authorization: 'Basic dTpw' }),
    source: 'resource',
    tls: { insecureSkipVerify: false, certificateAuthority: () => ca.certificate },
    credentials: { credentials: async () => ({ bearerToken: 'secret' }), invalidate() {} },
    requestTimeoutMs: timeoutMs,
  });
}

const node = (): NodeRecord => kubelet.node('node-1', 'node-1.internal');

async function fetchPage(): Promise<ScrapeOutcome & { page?: string }> {
  let page: string | undefined;
  const outcome = await client.fetch(node(), (body) => {
    page = body.toString();
    return undefined;
  });
  return { ...outcome!, page };
}

test('a kubelet is asked through the proxy, verified by its name, on one connection that is kept', async () => {
  for (let i = 0; i < 3; i++) expect(await fetchPage()).toMatchObject({ page: PAGE, failure: undefined, certificateNames: 'DNS:node-1.internal' });
  const hostPort = `node-1.internal:${kubelet.port}`;
  expect(requests).toEqual([`CONNECT ${hostPort} HTTP/1.1\r\nHost: ${hostPort}\r\nProxy-Authorization: Basic dTpw\r\n\r\n`]);
  expect(kubelet.requests).toHaveLength(3);
});

test('the token is for the kubelet alone', async () => {
  await fetchPage();
  expect(requests.join()).not.toContain('secret');
  expect(kubelet.requests[0]).toContain('Authorization: Bearer secret');
});

test.each<[string, (head: string, socket: Socket) => void, RegExp]>([
  ['refuses', (_, socket) => socket.write('HTTP/1.1 403 Forbidden\r\n\r\n'), /^proxy 127\.0\.0\.1:\d+: it answered HTTP\/1\.1 403 Forbidden$/],
  ['hangs up', (_, socket) => socket.destroy(), /^proxy 127\.0\.0\.1:\d+: connection closed early$/],
  ['answers without end', (_, socket) => socket.write('x'.repeat(100_000)), /^proxy 127\.0\.0\.1:\d+: its answer has no end$/],
  ['says more than its answer', (_, socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nevil'), /^proxy 127\.0\.0\.1:\d+: more than its answer came$/],
])('a proxy that %s is told as such', async (_, bad, message) => {
  answer = bad;
  const { failure, page } = await fetchPage();
  expect([failure!.reason, page]).toEqual(['protocol', undefined]);
  expect(failure!.message).toMatch(message);
  answer = tunnel;
  expect((await fetchPage()).page).toBe(PAGE);
});

test('a proxy that is away is told as such', async () => {
  client.close();
  const lost = clientThrough();
  await new Promise((resolve) => proxy.close(resolve));
  const outcome = await lost.fetch(node(), () => undefined);
  expect(outcome!.failure).toMatchObject({ reason: 'refused', message: expect.stringMatching(/^proxy 127\.0\.0\.1:\d+: connect ECONNREFUSED/) });
  lost.close();
});

test('a proxy that is silent takes no longer than a request may', async () => {
  answer = () => {};
  client.close();
  client = clientThrough(300);
  expect((await fetchPage()).failure).toMatchObject({ reason: 'timeout', message: expect.stringMatching(/: connecting/) });
});

test('closing leaves no connection behind', async () => {
  await fetchPage();
  expect(sockets.size).toBe(1);
  client.close();
  while (sockets.size > 0) await new Promise(setImmediate);
});
