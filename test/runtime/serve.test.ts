import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { buildSync } from 'esbuild';
import { freePort, RuntimeProcess } from './main/runtime-process';
import { parseManifests } from '../golden/compare-manifests';
import { podObject } from '../simulated-cluster/cluster-objects';
import { KubeObject, resourceOfKind } from '../simulated-cluster/kube-object';
import { SimulatedCluster, startSimulatedCluster } from '../simulated-cluster/simulated-cluster';

const ROOT = join(__dirname, '../..');
const EXAMPLE = join(ROOT, 'examples', 'own-metric-server');
const API_SERVICE = resourceOfKind('apiregistration.k8s.io/v1', 'APIService')!;
const SECRET = resourceOfKind('v1', 'Secret')!;

const directory = mkdtempSync(join(tmpdir(), 'own-metric-server-'));
const bundle = join(directory, 'server.js');
const processes: RuntimeProcess[] = [];

jest.setTimeout(120_000);

beforeAll(() => build(join(EXAMPLE, 'server.ts'), bundle));

afterAll(async () => {
  processes.forEach((one) => one.signal('SIGKILL'));
  await Promise.all(processes.map(({ exitCode }) => exitCode));
  rmSync(directory, { recursive: true });
});

function build(entry: string, outfile: string): void {
  const alias = { 'cdk8s-metrics-server/runtime': join(ROOT, 'src', 'runtime', 'index.ts') };
  buildSync({ absWorkingDir: ROOT, entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node20', alias, logLevel: 'error' });
}

function run(...args: string[]): RuntimeProcess {
  const started = new RuntimeProcess([process.execPath, bundle], args);
  processes.push(started);
  return started;
}

test('the provider is written in less than 40 lines', () => {
  expect(readFileSync(join(EXAMPLE, 'server.ts'), 'utf8').trim().split('\n').length).toBeLessThan(40);
});

describe('flags', () => {
  test('--help names the program and lists the flags of every server, none of kubelets', async () => {
    const help = run('--help');
    expect(await help.exitCode).toBe(0);
    expect(help.stdout).toMatch(/^Serves metrics for autoscalers\n\nUsage:\n {2}kube-hpa \[flags\]\n\nGeneric flags:\n/);
    for (const flag of ['--kubeconfig', '--secure-port', '--requestheader-client-ca-file', '--audit-policy-file', '--self-managed-cert-secret']) {
      expect(help.stdout).toContain(` ${flag} `);
    }
    expect(help.stdout).not.toMatch(/kubelet|metric-resolution/);
  });

  test('--version is the program\'s, or else the package\'s', async () => {
    const version = run('--version');
    expect(await version.exitCode).toBe(0);
    expect(version.stdout).toBe('v0.0.0\n');
  });

  test('mistakes are a line each, and exit code 2', async () => {
    const wrong = run('--secure-port=0', '--tls-cert-file=a');
    expect(await wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('--secure-port must be a port from 1 to 65535, but value 0 provided');
    expect(wrong.stderr).toContain('need both --tls-cert-file and --tls-private-key-file');
    expect(wrong.stderr).not.toContain('    at ');
  });

  test('a server that provides nothing does not start', async () => {
    const entry = join(directory, 'nothing.ts');
    writeFileSync(entry, "import { serve } from 'cdk8s-metrics-server/runtime';\nserve(() => ({}));\n");
    build(entry, join(directory, 'nothing.js'));
    const kubeconfig = join(directory, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify({
      'current-context': 'x', 'clusters': [{ name: 'x', cluster: { server: 'https://127.0.0.1:1' } }], 'contexts': [{ name: 'x', context: { cluster: 'x' } }],
    }));
    const nothing = new RuntimeProcess([process.execPath, join(directory, 'nothing.js')], [`--kubeconfig=${kubeconfig}`]);
    processes.push(nothing);
    expect(await nothing.exitCode).toBe(2);
    expect(nothing.stderr).toBe('Error: nothing is provided; give customMetrics, externalMetrics or both\n');
  });
});

/** The objects of the example's chart. */
function chart(): KubeObject[] {
  execFileSync(process.execPath, [join(ROOT, 'examples', 'run.js'), 'own-metric-server'], { env: { ...process.env, CDK8S_OUTDIR: directory } });
  return parseManifests(readFileSync(join(directory, 'own-metric-server.k8s.yaml'), 'utf8')) as unknown as KubeObject[];
}

/** Applies them, and runs the server as its Deployment does. */
async function deploy(cluster: SimulatedCluster, objects: readonly KubeObject[], port: number): Promise<RuntimeProcess> {
  objects.forEach((object) => cluster.apply(object));
  cluster.api.setEndpoint('kube-system', 'kube-hpa', { host: '127.0.0.1', port });
  const [{ args }] = objects.find(({ kind }) => kind === 'Deployment')!.spec.template.spec.containers;
  const otherArgs = args.filter((arg: string) => !arg.startsWith('--secure-port='));
  const kubeconfig = await cluster.kubeconfigPath('system:serviceaccount:kube-system:kube-hpa');
  const server = run(...otherArgs, `--kubeconfig=${kubeconfig}`, '--bind-address=127.0.0.1', `--secure-port=${port}`);
  await server.serving();
  return server;
}

test('without APIServices, which lead to a MetricsAdapter then, it gets ready, and the CA in its Secret verifies it by its Service\'s name', async () => {
  const cluster = await startSimulatedCluster({ nodes: 1, pods: 0 });
  const port = await freePort();
  const server = await deploy(cluster, chart().filter(({ kind }) => kind !== 'APIService'), port);
  while ((await server.get('/readyz')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));

  const { data } = cluster.store.find(SECRET, 'kube-system', 'kube-hpa-serving-certificate') as any;
  const authorized = (ca: string, servername: string) => new Promise<boolean>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername, ca, rejectUnauthorized: false }, () => {
      resolve(socket.authorized);
      socket.destroy();
    }).once('error', reject);
  });
  const ca = Buffer.from(data['ca.crt'], 'base64').toString();
  expect(await authorized(ca, 'kube-hpa.kube-system.svc')).toBe(true);
  expect(await authorized(ca, 'kube-hpa.monitoring.svc')).toBe(false);
  server.signal('SIGTERM');
  await server.exitCode;
  await cluster.stop();
});

describe('with the objects of its chart alone', () => {
  let cluster: SimulatedCluster;
  let server: RuntimeProcess;

  beforeAll(async () => {
    cluster = await startSimulatedCluster({ nodes: 1, pods: 3 });
    server = await deploy(cluster, chart(), await freePort());
    await verified();
  });

  afterAll(() => cluster.stop());

  /** kube-apiserver can verify the server, and the server kube-apiserver. */
  async function verified(): Promise<void> {
    const bundled = () => ['v1beta1', 'v1beta2'].every((version) => cluster.store.find(API_SERVICE, '', `${version}.custom.metrics.k8s.io`)?.spec.caBundle);
    while (!bundled() || (await server.get('/readyz')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  async function values(version: string, path: string): Promise<unknown> {
    const { code, body } = await cluster.request('GET', `/apis/custom.metrics.k8s.io/${version}/${path}`) as { code: number; body: any };
    return { code, items: body.items?.map(({ describedObject, value }: any) => [describedObject.name, value]) };
  }

  test.each(['v1beta1', 'v1beta2'])('%s: every metric of every pod that matches is 10, as an autoscaler asks for it', async (version) => {
    const [pod] = cluster.kubelets[0].node.pods;
    const { labels } = podObject(pod, 'node').metadata;
    const [[key, value]] = Object.entries(labels!);
    const selector = encodeURIComponent(`${key}=${value}`);
    const answered = await values(version, `namespaces/${pod.namespace}/pods/%2A/pod_aa_100m?labelSelector=${selector}`) as any;
    expect(answered.code).toBe(200);
    expect(answered.items).toContainEqual([pod.name, '10']);
    expect(await values(version, `namespaces/${pod.namespace}/pods/*/m?labelSelector=app%3Dnone`)).toEqual({ code: 200, items: [] });
  });

  test('who may not read is refused, by the rights of pods/<metric>', async () => {
    const bob = cluster.clientOf('bob');
    const { code, body } = await bob.request('GET', '/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/m') as any;
    expect({ code, message: body.message }).toMatchObject({ code: 403, message: expect.stringContaining('User "bob" cannot get resource "pods/m" in API group "custom.metrics.k8s.io"') });
  });

  test('a resource that it may not list is told with the right that is missing', async () => {
    const { code, body } = await cluster.request('GET', '/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/services/*/m') as any;
    expect(code).toBe(503);
    expect(body.message).toContain('User "system:serviceaccount:kube-system:kube-hpa" cannot list resource "services"');
  });

  test('discovery shows what it lists', async () => {
    const discovered = await cluster.request('GET', '/apis/custom.metrics.k8s.io/v1beta1') as any;
    expect(discovered.body.resources.map(({ name }: any) => name)).toEqual(['pods/pod_cpu_used_1m']);
  });

  test('SIGTERM ends it in good order', async () => {
    server.signal('SIGTERM');
    expect(await server.exitCode).toBe(0);
  });
});
