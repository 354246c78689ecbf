import { copyFileSync, mkdirSync, writeFileSync } from 'fs';
import { createServer, IncomingMessage, Server } from 'http';
import { AddressInfo } from 'net';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { startRuntimeInPod } from './runtime-in-pod';

const NAMESPACE = 'shop';

let cluster: Cluster;
let prometheus: Server;
/** Names of the pods that share the requests. */
let pods: readonly string[] = [];
const asked = new Map<string, IncomingMessage['headers']>();

beforeAll(async () => {
  prometheus = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://prometheus');
    asked.set(pathname, request.headers);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: resultOf(searchParams.get('query') ?? '') } }));
  });
  await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve));
  cluster = await Cluster.start({ nodes: 1, pods: 0, example: 'metrics-adapter' });
  for (const name of ['monitoring', NAMESPACE]) await cluster.kubectl.run('create', 'namespace', name);
  await create('apps/v1', 'deployments', {
    kind: 'Deployment',
    metadata: { name: 'shop' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'shop' } },
      template: {
        metadata: { labels: { app: 'shop' } },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'web', image: 'registry.example.com/web:1' }] },
      },
    },
  });
  await cluster.apply();
  cluster.runtime = await startRuntimeInPod(cluster.controlPlane, onThisMachine());
  for (const name of ['v1beta2.custom', 'v1beta1.custom', 'v1beta1.external']) await cluster.apiServiceAvailable(`${name}.metrics.k8s.io`);
});

afterAll(async () => {
  await cluster?.stop();
  await new Promise((resolve) => prometheus.close(resolve));
});

test('an autoscaler reads the three kinds of metrics that the chart declares, and scales by them', async () => {
  await eventually(async () => {
    await runPods();
    const { spec, status } = await cluster.controlPlane.request('GET', `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers/shop`);
    expect(status.currentMetrics).toEqual([
      { type: 'Pods', pods: { metric: spec.metrics[0].pods.metric, current: { averageValue: '100' } } },
      { type: 'Object', object: { metric: spec.metrics[1].object.metric, describedObject: spec.metrics[1].object.describedObject, current: { value: '1k' } } },
      { type: 'External', external: { metric: spec.metrics[2].external.metric, current: { averageValue: '30' } } },
    ]);
    expect(status.desiredReplicas).toBe(3);
  }, 110_000, 1000);
});

test('a source is shown the credentials that its Secret holds, and headers', () => {
  expect(asked.get('/prometheus/api/v1/query')).toMatchObject({ 'authorization': 'Bearer opaque', 'x-scope-orgid': 'shop' });
  expect(asked.get('/api/v1/query')).not.toHaveProperty('authorization');
});

/** 300 requests, which the pods share; two queues, of which the autoscaler follows one. */
function resultOf(query: string): object[] {
  const sample = (metric: object, value: number) => ({ metric, value: [Date.now() / 1000, String(value)] });
  if (query.includes('http_requests_total')) return pods.map((pod) => sample({ namespace: NAMESPACE, pod }, 300 / pods.length));
  if (query.includes('nginx_ingress')) return [sample({ namespace: NAMESPACE, ingress: 'shop' }, 1000)];
  return [sample({ queue: 'orders' }, 90), sample({ queue: 'mails' }, 9000)];
}

/** The Deployment with its volumes in a directory of this machine, and Prometheus at its address. */
function onThisMachine(): any {
  const directory = cluster.controlPlane.path('volumes');
  const url = `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`;
  const configuration = cluster.object('ConfigMap').data['config.yaml']
    .replaceAll('/sources/', `${directory}/sources/`)
    .replace('http://prometheus-operated.monitoring.svc:9090', url)
    .replace('https://mimir.example.com', url);
  for (const folder of ['adapter', 'sources/mimir/credentials', 'sources/mimir/ca']) mkdirSync(`${directory}/${folder}`, { recursive: true });
  writeFileSync(`${directory}/adapter/config.yaml`, configuration);
  writeFileSync(`${directory}/sources/mimir/credentials/token`, 'opaque\n');
  copyFileSync(cluster.controlPlane.caFile, `${directory}/sources/mimir/ca/ca.crt`);
  return JSON.parse(JSON.stringify(cluster.deployment).replaceAll('/etc/adapter/', `${directory}/adapter/`));
}

async function create(apiVersion: string, resource: string, object: object): Promise<void> {
  await cluster.controlPlane.request('POST', `/apis/${apiVersion}/namespaces/${NAMESPACE}/${resource}`, { apiVersion, ...object });
}

/** Plays the kubelet for the Deployment's pods. */
async function runPods(): Promise<void> {
  const { items } = await cluster.controlPlane.request('GET', `/api/v1/namespaces/${NAMESPACE}/pods`);
  for (const { metadata, status } of items) if (status.phase === 'Pending') await cluster.fleet.run(NAMESPACE, metadata.name);
  pods = items.map(({ metadata }: any) => metadata.name);
}
