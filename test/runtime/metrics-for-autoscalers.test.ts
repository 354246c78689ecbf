import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordingLogger } from './cluster/fixtures';
import { freePort } from './main/runtime-process';
import { PrometheusServer, success } from './prometheus/prometheus-server';
import { askHttp1 } from './server/client';
import { systemClock } from '../../src/runtime/clock';
import { clusterConfigs } from '../../src/runtime/cluster-configs';
import { explainMetric } from '../../src/runtime/explain/explain-metric';
import { optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { MetricsServer } from '../../src/runtime/metrics-server';
import { Identity, issueCertificate } from '../simulated-cluster/pki';
import { SimulatedCluster, startSimulatedCluster } from '../simulated-cluster/simulated-cluster';

const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/web-0/http_requests';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue_depth';
const NODES = '/apis/metrics.k8s.io/v1/nodes';

let cluster: SimulatedCluster;
let admin: Identity;
let prometheus: PrometheusServer;
let server: MetricsServer | undefined;
let logger: RecordingLogger;
let port: number;

beforeAll(async () => {
  cluster = await startSimulatedCluster({ nodes: 2, pods: 4 });
  admin = await issueCertificate(cluster.ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
});

afterAll(() => cluster.stop());

beforeEach(async () => {
  prometheus = await PrometheusServer.start((request, response) => (
    success({ resultType: 'vector', result: [{ metric: { namespace: 'shop', pod: 'web-0' }, value: [Date.now() / 1000, '7'] }] })(request, response)
  ));
});

afterEach(async () => {
  await server?.stop(0);
  server = undefined;
  await prometheus.stop();
});

const configFile = () => join(cluster.directory, 'config.yaml');

function configure(more = ''): void {
  writeFileSync(configFile(), `
sources: [{name: main, url: "${prometheus.url}"}]
metrics:
- {name: queue_depth, query: sum(queue_depth)}
- {name: http_requests, query: "sum by (namespace, pod) (rate(http_requests_total[2m]))", object: {resource: pods, nameLabel: pod}, namespaceLabel: namespace}
${more}`);
}

async function flags(...more: readonly string[]): Promise<string[]> {
  return [
    `--kubeconfig=${await cluster.kubeconfigPath('kubernetes-admin')}`, '--bind-address=127.0.0.1', `--secure-port=${port}`,
    `--cert-dir=${cluster.directory}/certificates`, '--kubelet-use-node-status-port', '--kubelet-preferred-address-types=InternalIP', ...more,
  ];
}

/** Until it is ready. */
async function start(...more: readonly string[]): Promise<void> {
  port = await freePort();
  logger = new RecordingLogger();
  const options = { ...optionsFrom(parseFlags(await flags(...more))), metricResolutionMs: 2_000 };
  const surroundings = { clock: systemClock, random: Math.random, env: process.env, loggers: () => logger };
  server = await MetricsServer.create(options, await clusterConfigs(options, systemClock), surroundings);
  await server.start();
  await eventually(async () => (await askHttp1(port, '/readyz')).status === 200);
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function ask(path: string): Promise<{ status: number; body: any }> {
  const { status, body } = await askHttp1(port, path, { identity: admin });
  return { status, body: JSON.parse(body) };
}

async function once(path: string): Promise<any> {
  await eventually(async () => (await ask(path)).status === 200);
  return (await ask(path)).body;
}

const groups = async () => (await ask('/apis')).body.groups.map(({ name }: { name: string }) => name);

test('with a configuration, one port has usage from kubelets, custom and external metrics', async () => {
  configure();
  await start(`--config=${configFile()}`);
  await eventually(async () => (await ask(NODES)).body.items.length === 2);
  expect((await once(CUSTOM)).items).toEqual([expect.objectContaining({ value: '7' })]);
  expect((await once(EXTERNAL)).items).toEqual([expect.objectContaining({ value: '7' })]);
  expect(await groups()).toEqual(expect.arrayContaining(['metrics.k8s.io', 'custom.metrics.k8s.io', 'external.metrics.k8s.io']));
  const { body } = await askHttp1(port, '/metrics', { identity: admin });
  expect(body).toMatch(/^metrics_server_kubelet_request_total\{.*\n(?:.*\n)*metrics_server_metric_source_request_total\{source="main",code="200"\}/m);
}, 30_000);

test('without one, it serves usage alone', async () => {
  await start();
  expect(await groups()).toEqual(['metrics.k8s.io']);
  expect((await ask(EXTERNAL)).status).toBe(404);
}, 30_000);

test('a Prometheus that is away takes nothing from usage: the server is ready and says of its metrics alone why they have no value', async () => {
  configure();
  await prometheus.stop();
  await start(`--config=${configFile()}`);
  await eventually(async () => (await ask(NODES)).body.items.length === 2);
  const { status, body } = await ask(EXTERNAL);
  expect(status).toBe(503);
  expect(body.message).toContain('main');
  expect((await askHttp1(port, '/readyz')).status).toBe(200);
}, 30_000);

test('kubelets that are away take nothing from metrics of a configuration', async () => {
  configure();
  await start(`--config=${configFile()}`);
  await Promise.all(cluster.kubelets.map(({ node }) => cluster.kubelet(node.name).setFault({ kind: 'refuse' })));
  await eventually(async () => logger.lines.filter((line) => line.includes('Failed to scrape node')).length === 2);
  expect((await once(CUSTOM)).items).toHaveLength(1);
  await Promise.all(cluster.kubelets.map(({ node }) => cluster.kubelet(node.name).setFault()));
}, 30_000);

test('a configuration that cannot be used takes only its own metrics, until it can', async () => {
  configure('- {name: jobs, query: "sum(", window: long}');
  await start(`--config=${configFile()}`);
  await once(NODES);
  const { status, body } = await askHttp1(port, EXTERNAL, { identity: admin });
  expect([status, JSON.parse(body).message]).toEqual([503, expect.stringContaining(`the configuration of custom and external metrics cannot be used: ${configFile()}:6: metrics[2].window`)]);
  expect(logger.lines.join('\n')).toContain('configuration cannot be used, custom and external metrics are not served until it can');
  configure();
  await server!.reload();
  await once(EXTERNAL);
}, 30_000);

test('resourceRules are refused, at the start and later: kubelets have that group', async () => {
  const refusal = `${configFile()}:6: resourceRules are for a server that asks no kubelets, and this one has metrics.k8s.io from them; leave them out`;
  configure('resourceRules: {window: 1m}');
  await start(`--config=${configFile()}`);
  expect(logger.lines.join('\n')).toContain(`custom and external metrics are not served until it can err=${refusal}`);
  configure();
  await server!.reload();
  configure('resourceRules: {window: 1m}');
  await server!.reload();
  expect(logger.lines.join('\n')).toContain(`configuration cannot be used, the last good one stays err=${refusal}`);
  await once(EXTERNAL);
}, 30_000);

test('a new configuration is taken when it is told to', async () => {
  configure();
  await start(`--config=${configFile()}`);
  configure('- {name: jobs, query: sum(jobs)}');
  await server!.reload();
  await once('/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/jobs');
}, 30_000);

test('explain in its pod tells where a value comes from', async () => {
  configure();
  await start(`--config=${configFile()}`);
  await once(EXTERNAL);
  let out = '';
  const argv = ['queue_depth', '-n', 'shop', '--external', `--kubeconfig=${await cluster.kubeconfigPath('kubernetes-admin')}`];
  const explain = async (...given: readonly string[]) => explainMetric(argv, {
    clock: systemClock, env: {}, processOne: () => ['/nodejs/bin/node', '/metrics-server', ...given, ''], out: (text) => { out += text; },
  });
  expect(await explain(...await flags(`--config=${configFile()}`))).toBe(0);
  expect(out).toContain('Asked:      query: sum(queue_depth)\n');
  await expect(explain(...await flags())).rejects.toThrow('no metrics-adapter runs here, nor a metrics-server with --config');
}, 30_000);
