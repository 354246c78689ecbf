import { readFileSync } from 'fs';
import { createServer, IncomingMessage, Server } from 'http';
import { AddressInfo } from 'net';
import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { MountedFiles } from './mounted-files';
import { startRuntimeInPod } from './runtime-in-pod';
import { ScaledPods } from './scaled-pods';

const NAMESPACE = 'shop';

let cluster: Cluster;
let prometheus: Server;
/** They share the requests. */
let pods: ScaledPods;
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
  pods = await ScaledPods.deploy(cluster, NAMESPACE, 'shop', 2);
  await cluster.apply();
  const files = new MountedFiles(cluster, {
    '/sources/secrets/mimir-token/token': 'opaque\n', '/sources/secrets/mimir-ca/ca.crt': readFileSync(cluster.controlPlane.caFile, 'utf8'),
  });
  const url = `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`;
  cluster.runtime = await startRuntimeInPod(cluster.controlPlane, files.deployment(cluster, {
    'http://prometheus-operated.monitoring.svc:9090': url, 'https://mimir.example.com': url,
  }));
  for (const name of ['v1beta2.custom', 'v1beta1.custom', 'v1beta1.external']) await cluster.apiServiceAvailable(`${name}.metrics.k8s.io`);
});

afterAll(async () => {
  await cluster?.stop();
  await new Promise((resolve) => prometheus.close(resolve));
});

test('an autoscaler reads the three kinds of metrics that the chart declares, and scales by them', async () => {
  await eventually(async () => {
    await pods.run(0);
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
  if (query.includes('http_requests_total')) return pods.names.map((pod) => sample({ namespace: NAMESPACE, pod }, 300 / pods.names.length));
  if (query.includes('nginx_ingress')) return [sample({ namespace: NAMESPACE, ingress: 'shop' }, 1000)];
  return [sample({ queue: 'orders' }, 90), sample({ queue: 'mails' }, 9000)];
}
