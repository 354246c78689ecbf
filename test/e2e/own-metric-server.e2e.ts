import { buildSync } from 'esbuild';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';

const NAMESPACE = 'zx';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2, example: 'own-metric-server' });
  const program = cluster.controlPlane.path('server.js');
  buildSync({
    entryPoints: ['examples/own-metric-server/server.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    alias: { 'cdk8s-metrics-server/runtime': `${process.cwd()}/src/runtime/index.ts` },
  });
  await cluster.apply();
  await cluster.startRuntime(program);
  for (const version of ['v1beta1', 'v1beta2']) await cluster.apiServiceAvailable(`${version}.custom.metrics.k8s.io`);
  await cluster.kubectl.run('create', 'namespace', NAMESPACE);
});

afterAll(() => cluster?.stop());

const metric = { name: 'pod_aa_100m' };

test.each([
  ['Pods', { pods: { metric, target: { type: 'AverageValue', averageValue: '60' } } }],
  ['Object', { object: { metric, describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' }, target: { type: 'Value', value: '60' } } }],
])('an HPA of type %s reads 10/60 from the provider of one\'s own, of a metric that it does not list, and scales by it', async (type, target) => {
  const name = `zx-hpa-${type.toLowerCase()}`;
  const labels = { app: name };
  await create('apps/v1', 'deployments', {
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image: 'registry.example.com/web:1' }] },
      },
    },
  });
  await create('autoscaling/v2', 'horizontalpodautoscalers', {
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [{ type, ...target }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    },
  });
  await eventually(async () => {
    await runPods();
    expect(await cluster.kubectl.run('get', 'hpa', name, '-n', NAMESPACE)).toMatch(/ 10\/60 +1 +3 +1 /);
  }, 110_000, 1000);
});

test('kubectl finds the API by discovery, and what it lists', async () => {
  const { resources } = JSON.parse(await cluster.kubectl.run('get', '--raw', '/apis/custom.metrics.k8s.io/v1beta1'));
  expect(resources).toEqual([{ name: 'pods/pod_cpu_used_1m', singularName: '', namespaced: true, kind: 'MetricValueList', verbs: ['get'] }]);
  const aggregated = await cluster.controlPlane.request('GET', '/apis');
  expect(aggregated.groups.find(({ name }: any) => name === 'custom.metrics.k8s.io').preferredVersion.version).toBe('v1beta2');
});

test('kube-apiserver takes over its OpenAPI, without renaming anything', async () => {
  await eventually(async () => {
    const { definitions } = await cluster.controlPlane.request('GET', '/openapi/v2');
    const names = Object.keys(definitions);
    for (const version of ['v1beta1', 'v1beta2']) expect(names).toContain(`io.k8s.metrics.pkg.apis.custom_metrics.${version}.MetricValueList`);
    expect(names.filter((name) => /_v\d+$/.test(name))).toEqual([]);
  }, 90_000, 2000);
  const { paths } = await cluster.controlPlane.request('GET', '/openapi/v3');
  const { components } = await cluster.controlPlane.request('GET', paths['apis/custom.metrics.k8s.io/v1beta2'].serverRelativeURL);
  expect(components.schemas).toHaveProperty(['io.k8s.metrics.pkg.apis.custom_metrics.v1beta2.MetricValue']);
});

async function create(apiVersion: string, resource: string, object: object): Promise<void> {
  await cluster.controlPlane.request('POST', `/apis/${apiVersion}/namespaces/${NAMESPACE}/${resource}`, { apiVersion, ...object });
}

/** Plays the kubelet for the Deployment's pods. */
async function runPods(): Promise<void> {
  const { items } = await cluster.controlPlane.request('GET', `/api/v1/namespaces/${NAMESPACE}/pods`);
  for (const { metadata, status } of items) if (status.phase === 'Pending') await cluster.fleet.run(NAMESPACE, metadata.name);
}
