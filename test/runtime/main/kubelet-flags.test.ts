import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { freePort, RuntimeProcess, Workbench } from './runtime-process';
import { ScriptedCluster } from './scripted-cluster';
import { createCertificateAuthority, Identity, issueCertificate } from '../../simulated-cluster/pki';
import { until } from '../cluster/fake-api-server';
import { Answer, LoopbackKubelet, LoopbackKubeletOptions, ok } from '../scrape/loopback-kubelet';

let bench: Workbench;
let cluster: ScriptedCluster;
let runtime: RuntimeProcess;
let ca: Identity;
let serving: Identity;
let kubelets: LoopbackKubelet[] = [];
/** By how much the program's time is ahead. */
let aheadMs: number;

beforeAll(async () => {
  bench = new Workbench();
  ca = await createCertificateAuthority('kubelets');
  serving = await issueCertificate(ca, { commonName: 'kubelet', ipAddresses: ['127.0.0.1', '127.0.0.3', '127.0.0.4'], usages: ['server'] });
});

beforeEach(async () => {
  cluster = await ScriptedCluster.start();
  aheadMs = 0;
});

afterEach(async () => {
  runtime.signal('SIGKILL');
  await runtime.exitCode;
  await Promise.all(kubelets.map((one) => one.stop()));
  kubelets = [];
  await cluster.stop();
});

afterAll(() => bench.remove());

async function start(...flags: readonly string[]): Promise<void> {
  const given = bench.flags(await freePort(), bench.write('cluster.kubeconfig', cluster.kubeconfig()));
  runtime = await bench.runAdjustable(...given, '--authentication-skip-lookup', ...flags).serving();
}

async function advance(ms: number): Promise<void> {
  aheadMs += ms;
  await runtime.advance(ms);
}

function pageOfNow(): string {
  const nowMs = Date.now() + aheadMs;
  return `node_cpu_usage_seconds_total ${nowMs / 1000} ${nowMs}\nnode_memory_working_set_bytes 2 ${nowMs}\nnode_swap_usage_bytes 3 ${nowMs}\n`;
}

const answerPage: Answer = (socket) => socket.write(ok(pageOfNow()));
const silence: Answer = () => {};
const failure: Answer = (socket) => socket.write('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n');

async function kubelet(options: LoopbackKubeletOptions = {}, answer = answerPage, identity = serving): Promise<LoopbackKubelet> {
  const one = await LoopbackKubelet.start(identity, answer, options);
  kubelets.push(one);
  return one;
}

interface Address {
  readonly type: string;
  readonly address: string;
}

function node(name: string, port: number, addresses: readonly Address[] = [{ type: 'InternalIP', address: '127.0.0.1' }]): object {
  return {
    metadata: { name, labels: { name } },
    status: { addresses, conditions: [{ type: 'Ready', status: 'True' }], daemonEndpoints: { kubeletEndpoint: { Port: port } } },
  };
}

function nodesAre(...nodes: readonly object[]): void {
  cluster.lists['/api/v1/nodes'] = nodes;
}

const asked = (one: LoopbackKubelet, times = 1) => until(() => one.requests.length >= times);
/** In which what should not happen would. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
const nodePorts = '--kubelet-use-node-status-port';
const insecure = '--kubelet-insecure-tls';

test('--kubelet-use-node-status-port, --kubelet-preferred-address-types: there and at that address', async () => {
  const wanted = await kubelet({ host: '127.0.0.3' });
  const other = await kubelet({ host: '127.0.0.4', port: wanted.port });
  nodesAre(node('a', wanted.port, [{ type: 'Hostname', address: '127.0.0.4' }, { type: 'InternalIP', address: '127.0.0.3' }]));
  await start(nodePorts, insecure, '--kubelet-preferred-address-types=InternalIP,Hostname');
  await asked(wanted);
  expect(other.requests).toEqual([]);
});

test('--kubelet-port: there, whatever the node says', async () => {
  const one = await kubelet();
  nodesAre(node('a', 1));
  await start(insecure, `--kubelet-port=${one.port}`);
  await asked(one);
});

test('--kubelet-insecure-tls: whoever answers', async () => {
  const one = await kubelet();
  nodesAre(node('a', one.port));
  await start(nodePorts, insecure);
  await asked(one);
});

test.each(['--kubelet-certificate-authority', '--kubelet-additional-certificate-authorities'])('%s: whoever is of that CA, and nobody else', async (flag) => {
  const strangers = await createCertificateAuthority('kubelets');
  const stranger = await kubelet({}, answerPage, await issueCertificate(strangers, { commonName: 'kubelet', ipAddresses: ['127.0.0.1'], usages: ['server'] }));
  const one = await kubelet();
  nodesAre(node('stranger', stranger.port), node('a', one.port));
  await start(nodePorts, `${flag}=${bench.write('kubelets.crt', ca.certificate)}`);
  await asked(one);
  await runtime.said('"Failed to scrape node" node="stranger"');
  expect(stranger.requests).toEqual([]);
});

test('--kubelet-client-certificate, --kubelet-client-key: it is shown to kubelets', async () => {
  const client = await issueCertificate(ca, { commonName: 'client of kubelets', usages: ['client'] });
  const names: string[] = [];
  const one = await kubelet({ clientCa: ca.certificate }, (socket, ...request) => {
    names.push(String((socket as TLSSocket).getPeerCertificate().subject.CN));
    answerPage(socket, ...request);
  });
  nodesAre(node('a', one.port));
  await start(nodePorts, insecure, `--kubelet-client-certificate=${bench.write('c.crt', client.certificate)}`, `--kubelet-client-key=${bench.write('c.key', client.key)}`);
  await asked(one);
  expect(names).toEqual(['client of kubelets']);
});

test('--deprecated-kubelet-completely-insecure: over plain HTTP, and without the token', async () => {
  const one = await LoopbackKubelet.start(undefined, answerPage);
  kubelets.push(one);
  nodesAre(node('a', one.port));
  const { contexts: [{ name, context }], ...config } = JSON.parse(cluster.kubeconfig());
  const withToken = { ...config, users: [{ name, user: { token: 'secret' } }], contexts: [{ name, context: { ...context, user: name } }] };
  await start(nodePorts, '--deprecated-kubelet-completely-insecure', `--kubeconfig=${bench.write('token.kubeconfig', JSON.stringify(withToken))}`);
  await asked(one);
  expect(one.requests[0]).not.toMatch(/authorization/i);
  expect(cluster.asked[0].headers.authorization).toBe('Bearer secret');
});

test('--kubelet-request-timeout: one that does not answer by then is given up', async () => {
  const one = await kubelet({}, silence);
  nodesAre(node('a', one.port));
  await start(nodePorts, insecure, '--kubelet-request-timeout=40s');
  await asked(one);
  await advance(35_000);
  await pause();
  expect(runtime.count('Failed to scrape node')).toBe(0);
  await advance(5_000);
  await runtime.said('Failed to scrape node');
});

test('--node-selector: the nodes that it chooses, and no others', async () => {
  const [one, other] = [await kubelet(), await kubelet()];
  nodesAre(node('other', other.port), node('a', one.port));
  await start(nodePorts, insecure, '--node-selector=name in (a, b)');
  await asked(one);
  await pause();
  expect(other.requests).toEqual([]);
  const { nodes } = JSON.parse((await runtime.get('/debug/nodes?output=json')).body);
  expect(nodes.map((shown: { name: string }) => shown.name)).toEqual(['a']);
});

test('--kubelet-source: the page that it names', async () => {
  const one = await kubelet();
  nodesAre(node('a', one.port));
  await start(nodePorts, insecure, '--kubelet-source=summary');
  await asked(one);
  expect(one.requests[0]).toMatch(/^GET \/stats\/summary/);
});

test('--kubelet-gzip: compressed pages are asked for, and their figures served', async () => {
  const one = await kubelet({}, (socket) => socket.write(ok(gzipSync(pageOfNow()), 'Content-Encoding: gzip'), 'latin1'));
  nodesAre(node('a', one.port));
  await start(nodePorts, insecure, '--kubelet-gzip', '--metric-resolution=15s');
  await asked(one);
  expect(one.requests[0]).toMatch(/^Accept-Encoding: gzip$/m);
  while (JSON.parse((await runtime.get('/apis/metrics.k8s.io/v1beta1/nodes')).body).items.length === 0) await advance(15_000);
});

test('--kubelet-proxy-from-environment: through the proxy that HTTPS_PROXY names', async () => {
  const proxy = createServer().on('connect', ({ url = '' }, socket) => {
    tunnels.push(url);
    socket.on('error', () => {}).end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  const tunnels: string[] = [];
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  try {
    nodesAre(node('a', 1, [{ type: 'InternalIP', address: '192.0.2.1' }]));
    await start(insecure, '--kubelet-proxy-from-environment');
    await until(() => tunnels.length > 0);
    expect(tunnels[0]).toBe('192.0.2.1:10250');
  } finally {
    delete process.env.HTTPS_PROXY;
    proxy.close();
  }
});

test('--metric-resolution: once in that time', async () => {
  const one = await kubelet({}, failure);
  nodesAre(node('a', one.port));
  await start(nodePorts, insecure, '--metric-resolution=20s');
  await asked(one);
  await runtime.said('Failed to scrape node');
  await advance(18_000);
  await pause();
  expect(one.requests).toHaveLength(1);
  await advance(2_000);
  await asked(one, 2);
});

test('--metric-retention: figures are served so long after the last good answer', async () => {
  const one = await kubelet();
  nodesAre(node('a', one.port));
  await start(nodePorts, insecure, '--metric-resolution=15s', '--metric-retention=1m');
  const served = async () => JSON.parse((await runtime.get('/apis/metrics.k8s.io/v1beta1/nodes')).body).items.length;
  await asked(one);
  while (await served() === 0) await advance(15_000);
  one.answer = failure;
  await advance(45_000);
  await pause();
  expect(await served()).toBe(1);
  await advance(30_000);
  while (await served() > 0) await pause();
});

test('--upstream-compatible: lists are whole, without swap, and pods of one node cannot be asked for', async () => {
  nodesAre(...(await Promise.all([kubelet(), kubelet()])).map(({ port }, index) => node(`node-${index}`, port)));
  await start(nodePorts, insecure, '--upstream-compatible', '--metric-resolution=15s');
  const served = async () => JSON.parse((await runtime.get('/apis/metrics.k8s.io/v1beta1/nodes?limit=1')).body).items;
  await Promise.all(kubelets.map((one) => asked(one)));
  while ((await served()).length < 2) await advance(15_000);
  expect((await served()).map(({ usage }: { usage: object }) => Object.keys(usage))).toEqual([['cpu', 'memory'], ['cpu', 'memory']]);
  expect((await runtime.get('/apis/metrics.k8s.io/v1beta1/pods?fieldSelector=spec.nodeName%3Da')).status).toBe(400);
});

test('--watch-container-states: whole pods are asked for', async () => {
  await start('--watch-container-states');
  const { headers } = await cluster.isAsked(({ path }) => path === '/api/v1/pods');
  expect(headers.accept).not.toContain('PartialObjectMetadata');
});

test('--node-events: a node that cannot be scraped gets an Event', async () => {
  const one = await kubelet({}, failure);
  nodesAre(node('a', one.port));
  await start(nodePorts, insecure, '--node-events');
  const { body } = await cluster.isAsked(({ method, path }) => method === 'POST' && path.endsWith('/events'));
  expect(body.regarding).toMatchObject({ kind: 'Node', name: 'a' });
});
