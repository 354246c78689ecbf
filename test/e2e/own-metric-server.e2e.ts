import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { buildSync } from 'esbuild';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { ExtensionApiServer, ServingCertificate } from '../../src';
import { codeBlocks } from '../docs/code-blocks';

const NAMESPACE = 'zx';

let cluster: Cluster;

describe('the example, a provider of custom metrics', () => {
  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1, pods: 2, example: 'own-metric-server' });
    await serve(readFileSync('examples/own-metric-server/server.ts', 'utf8'), ['v1beta1.custom.metrics.k8s.io', 'v1beta2.custom.metrics.k8s.io']);
  });

  afterAll(() => cluster?.stop());

  const metric = { name: 'pod_aa_100m' };

  test.each([
    ['Pods', { pods: { metric, target: { type: 'AverageValue', averageValue: '60' } } }],
    ['Object', { object: { metric, describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' }, target: { type: 'Value', value: '60' } } }],
  ])('an HPA of type %s reads 10/60 from it, of a metric that it does not list, and scales by it', async (type, target) => {
    await scales(`zx-hpa-${type.toLowerCase()}`, { type, ...target }, / 10\/60 +1 +3 +1 /);
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
});

describe('the provider of external metrics in docs/metrics-provider.md', () => {
  const [program] = codeBlocks('docs/metrics-provider.md', 'ts', '## External metrics');

  beforeAll(async () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'chart-')) });
    new ExtensionApiServer(new Chart(app, 'queue-metrics', { namespace: 'kube-system' }), 'server', {
      name: 'queue-metrics',
      image: 'registry.example.com/queue-metrics:v1',
      groupVersions: [{ group: 'external.metrics.k8s.io', version: 'v1beta1' }],
      servingCertificate: ServingCertificate.selfManaged(),
    });
    app.synth();
    cluster = await Cluster.start({ nodes: 1, pods: 2, manifest: join(app.outdir, 'queue-metrics.k8s.yaml') });
    await serve(program, ['v1beta1.external.metrics.k8s.io']);
  });

  afterAll(() => cluster?.stop());

  test('an HPA of type External reads the value of what its selector chooses, and scales by it', async () => {
    const metric = { name: 'queue_depth', selector: { matchLabels: { queue: 'orders' } } };
    await scales('workers', { type: 'External', external: { metric, target: { type: 'AverageValue', averageValue: '45' } } }, / 45\/45 \(avg\) +1 +3 +2 /);
  });
});

/** Applies the chart, and runs the server's program in its pod. */
async function serve(program: string, apiServices: readonly string[]): Promise<void> {
  const outfile = cluster.controlPlane.path('server.js');
  buildSync({
    stdin: { contents: program, loader: 'ts', resolveDir: process.cwd() },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    alias: { 'cdk8s-metrics-server/runtime': `${process.cwd()}/src/runtime/index.ts` },
  });
  await cluster.apply();
  await cluster.startRuntime(outfile);
  for (const name of apiServices) await cluster.apiServiceAvailable(name);
  await cluster.kubectl.run('create', 'namespace', NAMESPACE);
}

/** A Deployment of three pods with an autoscaler, which `kubectl get hpa` shows so in the end. */
async function scales(name: string, metric: object, shown: RegExp): Promise<void> {
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
      metrics: [metric],
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    },
  });
  await eventually(async () => {
    await runPods();
    expect(await cluster.kubectl.run('get', 'hpa', name, '-n', NAMESPACE)).toMatch(shown);
  }, 110_000, 1000);
}

async function create(apiVersion: string, resource: string, object: object): Promise<void> {
  await cluster.controlPlane.request('POST', `/apis/${apiVersion}/namespaces/${NAMESPACE}/${resource}`, { apiVersion, ...object });
}

/** Plays the kubelet for the Deployment's pods. */
async function runPods(): Promise<void> {
  const { items } = await cluster.controlPlane.request('GET', `/api/v1/namespaces/${NAMESPACE}/pods`);
  for (const { metadata, status } of items) if (status.phase === 'Pending') await cluster.fleet.run(NAMESPACE, metadata.name);
}
