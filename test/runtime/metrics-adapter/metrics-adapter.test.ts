import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS_ADAPTER_FLAGS } from '../../../src/_facts/metrics-adapter-flags';
import { systemClock } from '../../../src/runtime/clock';
import { clusterConfigs } from '../../../src/runtime/cluster-configs';
import { explainMetric } from '../../../src/runtime/explain/explain-metric';
import { parseFlags } from '../../../src/runtime/flags/parse';
import { MetricsAdapter } from '../../../src/runtime/metrics-adapter/metrics-adapter';
import { metricsAdapterOptions } from '../../../src/runtime/metrics-adapter/options';
import { Identity, issueCertificate } from '../../simulated-cluster/pki';
import { SimulatedCluster, startSimulatedCluster } from '../../simulated-cluster/simulated-cluster';
import { RecordingLogger } from '../cluster/fixtures';
import { freePort } from '../main/runtime-process';
import { PrometheusServer, ReceivedRequest, success } from '../prometheus/prometheus-server';
import { askHttp1 } from '../server/client';

const RULES = `
rules:
- seriesQuery: http_requests_total
  resources: {template: <<.Resource>>}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue_depth
  resources: {template: <<.Resource>>}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>})
`;
const RESOURCE_RULES = `
resourceRules:
  cpu:
    nodeQuery: node_cpu{<<.LabelMatchers>>}
    containerQuery: container_cpu{<<.LabelMatchers>>}
    resources: {template: <<.Resource>>}
    containerLabel: container
  memory:
    nodeQuery: node_memory{<<.LabelMatchers>>}
    containerQuery: container_memory{<<.LabelMatchers>>}
    resources: {template: <<.Resource>>}
    containerLabel: container
  window: 5m
`;
const CUSTOM = '/apis/custom.metrics.k8s.io';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';
const USAGE = '/apis/metrics.k8s.io/v1beta1';

let cluster: SimulatedCluster;
let admin: Identity;
let kubeconfig: string;
/** What a Prometheus answers a search for series, when it does. */
let discovered: Promise<void>;
let prometheus: PrometheusServer;
let adapter: MetricsAdapter;
let logger: RecordingLogger;
let port: number;

beforeAll(async () => {
  cluster = await startSimulatedCluster({ nodes: 1, pods: 2 });
  admin = await issueCertificate(cluster.ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] });
  kubeconfig = await cluster.kubeconfigPath('kubernetes-admin');
});

afterAll(() => cluster.stop());

beforeEach(async () => {
  discovered = Promise.resolve();
  prometheus = await PrometheusServer.start((request, response) => void discovered.then(() => success(answer(request))(request, response)));
});

afterEach(async () => {
  await adapter.stop(0);
  await prometheus.stop();
});

function answer({ path, parameters: { query, 'match[]': match } }: ReceivedRequest): unknown {
  if (path.endsWith('/series')) return [{ __name__: match, namespace: 'shop', pod: 'web-0' }];
  const [, node] = /\{node=~?"([^"]*)"\}/.exec(query) ?? [];
  return { resultType: 'vector', result: [{ metric: node === undefined ? { namespace: 'shop', pod: 'web-0' } : { node }, value: [Date.now() / 1000, '7'] }] };
}

const configFile = () => join(cluster.directory, 'config.yaml');

async function start(configuration: string): Promise<void> {
  writeFileSync(configFile(), configuration);
  port = await freePort();
  logger = new RecordingLogger();
  const options = metricsAdapterOptions(parseFlags([
    `--config=${configFile()}`, `--prometheus-url=${prometheus.url}`, `--lister-kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${cluster.directory}/certificates`,
  ], METRICS_ADAPTER_FLAGS));
  const configs = await clusterConfigs(options.server, systemClock);
  adapter = await MetricsAdapter.create(options, configs, { clock: systemClock, random: Math.random, env: process.env, loggers: () => logger });
  await adapter.start();
  while ((await askHttp1(port, '/readyz')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function ask(path: string): Promise<{ status: number; body: any }> {
  const { status, body } = await askHttp1(port, path, { identity: admin });
  return { status, body: JSON.parse(body) };
}

async function once(path: string): Promise<any> {
  for (;;) {
    const { status, body } = await ask(path);
    if (status === 200) return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test.each(['v1beta1', 'v1beta2'])('rules give custom metrics of %s', async (version) => {
  await start(RULES);
  const { items } = await once(`${CUSTOM}/${version}/namespaces/shop/pods/web-0/http_requests_total`);
  expect(items).toEqual([expect.objectContaining({ describedObject: expect.objectContaining({ name: 'web-0' }), value: '7' })]);
  expect((await ask(`${CUSTOM}/${version}`)).body.resources.map(({ name }: any) => name)).toContain('pods/http_requests_total');
});

test('externalRules give external metrics', async () => {
  await start(RULES);
  expect((await once(`${EXTERNAL}/namespaces/shop/queue_depth`)).items).toEqual([expect.objectContaining({ metricName: 'queue_depth', value: '7' })]);
});

test('it is ready before Prometheus has told which series there are; who asks reads why there is no value', async () => {
  let discover = (): void => {};
  discovered = new Promise((resolve) => { discover = resolve; });
  await start(RULES);
  const { status, body } = await ask(`${EXTERNAL}/namespaces/shop/queue_depth`);
  expect({ status, reason: body.reason }).toEqual({ status: 503, reason: 'ServiceUnavailable' });
  expect(body.message).toBe('metrics are not discovered yet: source prometheus: it has not answered so far; query: http_requests_total');
  discover();
  await once(`${EXTERNAL}/namespaces/shop/queue_depth`);
});

test('what stands in objects of the cluster, schedules and formulas give metrics without any Prometheus', async () => {
  await start(`
metrics:
- {name: nodes, objects: {apiVersion: v1, resource: nodes, value: '{.metadata.generation}', absent: 1}}
- {name: always, schedule: {windows: [{start: '* * * * *', end: '0 0 29 2 *', value: 20}]}}
- {name: total, formula: nodes + always}
`);
  expect((await once(`${EXTERNAL}/namespaces/shop/nodes`)).items).toHaveLength(1);
  expect((await once(`${EXTERNAL}/namespaces/shop/total`)).items).toEqual([expect.objectContaining({ value: '21' })]);
  expect((await ask(EXTERNAL)).body.resources.map(({ name }: any) => name)).toEqual(['nodes', 'always', 'total']);
  expect(prometheus.requests).toEqual([]);
});

test('without resourceRules usage of nodes and pods is not served: it is metrics-server\'s', async () => {
  await start(RULES);
  expect((await ask(USAGE)).status).toBe(404);
});

test('resourceRules give usage of the nodes that the cluster has', async () => {
  await start(RULES + RESOURCE_RULES);
  const [{ name }] = cluster.kubelets.map(({ node }) => node);
  expect((await ask(`${USAGE}/nodes`)).body.items).toEqual([expect.objectContaining({ metadata: expect.objectContaining({ name }), usage: { cpu: '7', memory: '7' } })]);
  expect((await ask('/apis/metrics.k8s.io/v1/nodes')).status).toBe(200);
});

test('a new configuration is taken when it is told to, one that cannot be used is not', async () => {
  await start(RULES);
  writeFileSync(configFile(), 'metrics: [{name: jobs, query: sum(jobs)}]');
  await adapter.reload();
  expect((await once(`${EXTERNAL}/namespaces/shop/jobs`)).items).toEqual([expect.objectContaining({ value: '7' })]);
  writeFileSync(configFile(), 'metrics: [{name: others}]');
  await adapter.reload();
  expect((await ask(`${EXTERNAL}/namespaces/shop/jobs`)).status).toBe(200);
  expect(logger.lines.join('\n')).toContain('configuration cannot be used, the last good one stays');
});

test('requests to Prometheus and to the API server, and values that are served, are counted', async () => {
  await start(RULES);
  await once(`${EXTERNAL}/namespaces/shop/queue_depth`);
  const { body } = await askHttp1(port, '/metrics', { identity: admin });
  expect(body).toContain('metrics_server_metric_source_request_total{source="prometheus",code="200"}');
  expect(body).toContain('metrics_apiserver_metric_freshness_seconds_count{group="external.metrics.k8s.io"} 1\n');
  expect(body).toContain('metrics_server_configuration_last_reload_successful 1\n');
});

describe('where a metric comes from', () => {
  const DECLARED = `
metrics:
- name: queue_depth
  query: sum by (queue) (queue_depth)
- name: http_requests
  query: sum by (namespace, pod) (rate(http_requests_total[2m]))
  object: {resource: pod, nameLabel: pod}
  namespaceLabel: namespace
`;

  async function explain(...argv: readonly string[]): Promise<{ code: number; out: string }> {
    let out = '';
    const code = await explainMetric([...argv, `--server=https://127.0.0.1:${port}`, '--insecure-skip-tls-verify'], {
      clock: systemClock, env: {}, processOne: () => [], out: (text) => { out += text; },
    });
    return { code, out };
  }

  test('is told of rules: file and line, series, query, answer, labels, values with their age, and what an autoscaler makes of them', async () => {
    await start(RULES);
    await once(`${CUSTOM}/v1beta1/namespaces/shop/pods/web-0/http_requests_total`);
    const { body } = await ask('/debug/metrics/custom.metrics.k8s.io/namespaces/shop/pods/web-0/http_requests_total?metricLabelSelector=verb%3DGET&output=json');
    const query = 'query: sum(http_requests_total{verb="GET",namespace="shop",pod="web-0"}) by (pod)';
    expect(body).toEqual({
      metric: 'http_requests_total',
      resource: 'pods',
      namespace: 'shop',
      derivation: {
        rule: `${configFile()}:3: rules[0]`,
        series: 'http_requests_total',
        asked: query,
        nameLabel: 'pod',
        namespaceLabel: 'namespace',
        exchanges: [{ source: 'prometheus', asked: query, answer: expect.stringMatching(/^\[\{"labels":\{"namespace":"shop","pod":"web-0"\},"timestampMs":\d+,"value":7\}\]$/) }],
      },
      values: [{ object: 'web-0', value: '7', timestamp: expect.any(String), ageSeconds: expect.any(Number) }],
      withoutValue: [],
      autoscaler: { type: 'Object', value: '7' },
    });
    expect(body.values[0].ageSeconds).toBeLessThan(60);
  });

  test('is told of metrics that name their query, as text for people', async () => {
    await start(DECLARED);
    const kubeconfigFlag = `--kubeconfig=${kubeconfig}`;
    const { code, out } = await explain('http_requests', '-n', 'shop', '--name=web-0', kubeconfigFlag);
    expect(code).toBe(0);
    expect(out.replace(/"timestampMs":\d+/, '…').replace(/\S+s +\S+Z/, 'AGE TIME').replace(/^OBJECT.*$/m, 'HEADER').split('\n')).toEqual([
      'Metric:     http_requests, of pods in namespace shop',
      `Rule:       ${configFile()}:5: metrics[1]`,
      'Asked:      query: sum by (namespace, pod) (rate(http_requests_total[2m]))',
      'Answer:     source prometheus: [{"labels":{"namespace":"shop","pod":"web-0"},…,"value":7}]',
      'Object:     label pod',
      'Namespace:  label namespace',
      'Autoscaler: 7 is what a metric of type Object compares with value, or divided by the replicas with averageValue',
      '',
      'HEADER',
      'web-0    7       AGE TIME   120s',
      '',
    ]);
    expect((await explain('queue_depth', '-n', 'shop', '--external', kubeconfigFlag)).out).toMatch(/^Autoscaler: 7 is the sum/m);
  });

  test('is told when there is no value, with exit code 1', async () => {
    await start(DECLARED);
    const { code, out } = await explain('http_requests', '-n', 'shop', '--name=web-1', `--kubeconfig=${kubeconfig}`);
    expect(code).toBe(1);
    expect(out).toMatch(/^Served: {5}the server could not find the metric http_requests for pods web-1: source prometheus: it gives nothing for that; query: /m);
    expect(out).toMatch(/^web-1 +none$/m);
  });

  test('is told to those who may ask, with the way to let others', async () => {
    await start(DECLARED);
    const path = '/debug/metrics/external.metrics.k8s.io/namespaces/shop/queue_depth';
    expect((await askHttp1(port, path)).status).toBe(403);
    expect((await askHttp1(port, '/debug/metrics/queue_depth', { identity: admin })).body).toContain('/debug/metrics/queue_depth names no metric; give');
    const nobody = `--kubeconfig=${await cluster.kubeconfigPath('nobody')}`;
    await expect(explain('queue_depth', '--external', nobody)).rejects.toThrow(
      'allow it by `kubectl create clusterrole metrics-debug-metrics --verb=get \'--non-resource-url=/debug/metrics/*\'` and '
      + '`kubectl create clusterrolebinding metrics-debug-metrics --clusterrole=metrics-debug-metrics \'--user=nobody\'`');
    const serviceAccount = `--kubeconfig=${await cluster.kubeconfigPath('system:serviceaccount:shop:web')}`;
    await expect(explain('queue_depth', '--external', serviceAccount)).rejects.toThrow(/metrics-debug-metrics --serviceaccount=shop:web`$/);
  });

  test.each([
    [[], 'the name of the metric comes first'],
    [['-n', 'shop'], 'the name of the metric comes first'],
    [['queue_depth', '--output=yaml'], '--output=yaml is no form of the explanation; give text or json'],
  ])('%j is refused', async (argv, message) => {
    await start(DECLARED);
    await expect(explain(...argv)).rejects.toThrow(message);
  });
});
