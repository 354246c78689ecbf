import { readFileSync } from 'node:fs';
import { connect, createServer, Server, Socket } from 'node:net';
import { freePort, RuntimeProcess, Workbench } from './runtime-process';
import { KubeObject, resourceOfKind } from '../../simulated-cluster/kube-object';
import { SimulatedCluster, startSimulatedCluster } from '../../simulated-cluster/simulated-cluster';

const CONFIG_MAP = 'ConfigMap kube-system/extension-apiserver-authentication';
const CONFIG_MAPS = resourceOfKind('v1', 'ConfigMap')!;

/** The only way to the API server; nothing listens there before it opens. */
class Gate {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(readonly port: number, targetPort: number) {
    this.server = createServer((socket) => {
      const onward = connect(targetPort, '127.0.0.1');
      [socket, onward].forEach((end) => this.sockets.add(end.on('error', () => {})));
      socket.pipe(onward).pipe(socket);
    });
  }

  open(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  close(): void {
    this.server.close();
    this.sockets.forEach((socket) => socket.destroy());
  }
}

let bench: Workbench;
let cluster: SimulatedCluster;
let gate: Gate;
let runtime: RuntimeProcess;

beforeAll(() => { bench = new Workbench(); });
afterAll(() => bench.remove());

beforeEach(async () => {
  cluster = await startSimulatedCluster({ nodes: 1, pods: 2 });
  gate = new Gate(await freePort(), Number(new URL(cluster.server).port));
});

afterEach(async () => {
  runtime.signal('SIGKILL');
  await runtime.exitCode;
  gate.close();
  await cluster.stop();
});

async function start(...flags: readonly string[]): Promise<void> {
  const config = readFileSync(await cluster.kubeconfigPath('kubernetes-admin'), 'utf8').replace(cluster.server, `https://127.0.0.1:${gate.port}`);
  runtime = bench.run(...bench.flags(await freePort(), bench.write('cluster.kubeconfig', config)), '--metric-resolution=10s', '--kubelet-request-timeout=2s',
    '--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP', ...flags);
  await runtime.serving();
}

function check(name: string): Promise<string | undefined> {
  return runtime.get('/readyz?verbose').then(({ body }) => body.split('\n').find((line) => line.includes(name)));
}

async function settled(): Promise<void> {
  while (await check('metric-informer-sync') !== '[+]metric-informer-sync ok' || await check('authentication-ready')) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('a cluster that has everything: a line for serving and none for waiting, ready after two scrapes', async () => {
  await gate.open();
  await start();
  expect((await runtime.get('/livez')).status).toBe(200);
  expect((await runtime.get('/readyz')).status).toBe(500);
  await settled();
  while ((await runtime.get('/readyz')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  const withoutProbes = runtime.lines.filter((line) => !/"(Failed probe|Probe recovered)"/.test(line));
  expect(withoutProbes).toEqual([expect.stringMatching(/^I "Serving securely" address="127\.0\.0\.1" port=\d+ version="v\d/)]);
}, 30_000);

test('flags that metrics-server has dropped: a warning for each', async () => {
  await start('--logtostderr', '--log_dir=/tmp', '--log-dir=/var/log', '--v=1');
  expect(runtime.lines.filter((line) => line.includes('no effect'))).toEqual(['--logtostderr', '--log-dir'].map((flag) =>
    `W "This flag has no effect any more; leave it out" flag="${flag}"`));
});

test('no API server: live, not ready, and a line for each thing that is waited for; another when it has come', async () => {
  const waited = [CONFIG_MAP, 'nodes', 'pods'];
  await start();
  for (const what of waited) await runtime.said(`Cannot follow ${what}, retrying`);
  expect((await runtime.get('/livez')).status).toBe(200);
  expect((await runtime.get('/readyz')).status).toBe(500);
  for (const name of ['metric-informer-sync', 'authentication-ready']) expect(await check(name)).toBe(`[-]${name} failed: reason withheld`);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await gate.open();
  for (const what of waited) await runtime.said(`Following ${what} again`);
  await settled();
  for (const what of waited) {
    expect([runtime.count(`Cannot follow ${what}`), runtime.count(`Following ${what}`)]).toEqual([1, 1]);
  }
  expect(runtime.lines[1]).toContain(`reason="API server 127.0.0.1:${gate.port}: connection refused"`);
}, 30_000);

describe('no request header CA in the cluster', () => {
  let published: KubeObject;

  beforeEach(async () => {
    published = cluster.store.get(CONFIG_MAPS, 'kube-system', 'extension-apiserver-authentication');
    const { 'requestheader-client-ca-file': _, ...data } = published.data;
    cluster.apply({ ...published, metadata: { ...published.metadata, resourceVersion: undefined }, data });
    await gate.open();
  });

  test('not ready, and a line for it; another when it has come', async () => {
    await start();
    await runtime.said('start kube-apiserver with --requestheader-client-ca-file');
    expect((await runtime.get('/livez')).status).toBe(200);
    expect(await check('authentication-ready')).toBe('[-]authentication-ready failed: reason withheld');
    cluster.apply({ ...published, metadata: { ...published.metadata, resourceVersion: undefined } });
    await runtime.said('The cluster says how to authenticate requests');
    await settled();
    expect(runtime.count('The cluster does not say how to authenticate requests')).toBe(1);
    expect(runtime.count('The cluster says how to authenticate requests')).toBe(1);
  });
});
