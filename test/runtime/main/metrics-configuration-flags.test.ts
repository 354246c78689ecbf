import { freePort, RuntimeProcess, Workbench } from './runtime-process';
import { ScriptedCluster } from './scripted-cluster';
import { until } from '../cluster/fake-api-server';
import { PrometheusServer, success } from '../prometheus/prometheus-server';

let bench: Workbench;
let cluster: ScriptedCluster;
let prometheus: PrometheusServer;
let runtime: RuntimeProcess;

beforeAll(() => { bench = new Workbench(); });

beforeEach(async () => {
  cluster = await ScriptedCluster.start();
  prometheus = await PrometheusServer.start(success([]));
});

afterEach(async () => {
  runtime.signal('SIGKILL');
  await runtime.exitCode;
  await prometheus.stop();
  await cluster.stop();
});

afterAll(() => bench.remove());

function configuration(metrics: string): string {
  return bench.write('config.yaml', `
sources: [{name: main, url: "${prometheus.url}"}]
rules: [{seriesQuery: up, resources: {template: <<.Resource>>}, metricsQuery: <<.Series>>}]
metrics: [${metrics}]
`);
}

async function start(...flags: readonly string[]): Promise<void> {
  const given = bench.flags(await freePort(), bench.write('cluster.kubeconfig', cluster.kubeconfig()));
  runtime = await bench.runAdjustable(...given, '--authentication-skip-lookup', `--config=${configuration('{name: jobs, query: sum(jobs)}')}`, ...flags).serving();
}

const searches = () => prometheus.requests.filter(({ path }) => path.endsWith('/series'));

async function names(): Promise<string[]> {
  const { body } = await runtime.get('/apis/external.metrics.k8s.io/v1beta1');
  return JSON.parse(body).resources.map(({ name }: { name: string }) => name);
}

test('--config: its metrics are served beside metrics.k8s.io, and others when it changes, at SIGHUP at once', async () => {
  await start();
  expect((await runtime.get('/apis/metrics.k8s.io/v1')).status).toBe(200);
  expect(await names()).toEqual(['jobs']);
  configuration('{name: orders, query: sum(orders)}');
  runtime.signal('SIGHUP');
  await runtime.said('configuration reloaded');
  expect(await names()).toEqual(['orders']);
  configuration('{name: carts, query: sum(carts)}');
  await runtime.advance(5_000);
  await until(() => runtime.count('configuration reloaded') === 2);
  expect(await names()).toEqual(['carts']);
});

test('--metrics-relist-interval: rules search for series so often', async () => {
  await start('--metrics-relist-interval=1m');
  await until(() => searches().length === 1);
  await runtime.advance(45_000);
  expect(searches()).toHaveLength(1);
  await runtime.advance(30_000);
  await until(() => searches().length === 2);
});

test('--metrics-max-age: rules find series that are so old', async () => {
  await start('--metrics-max-age=2h');
  await until(() => searches().length === 1);
  expect(Date.now() / 1000 - Number(searches()[0].parameters.start)).toBeCloseTo(2 * 60 * 60, -2);
});
