import { mkdtempSync } from 'fs';
import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { Keda, NAMESPACE as KEDA, SERVICE } from './keda';
import { ConfigMapRef, MetricOrigin, MetricsAdapter, OtherAdapter, SourceCa } from '../../../../src';
import { Cluster } from '../../cluster';
import { guideBlocks } from '../../commands';
import { eventually } from '../../control-plane/eventually';
import { MountedFiles } from '../../mounted-files';
import { startRuntimeInPod } from '../../runtime-in-pod';
import { ScaledPods } from '../../scaled-pods';
import { Shell } from '../../shell';

const NAMESPACE = 'shop';
const API_SERVICE = 'v1beta1.external.metrics.k8s.io';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';
const CA_FILE = '/sources/configmaps/keda-ca/ca.crt';

describe('the adapter of the chart, in front of KEDA', () => {
  /** What KEDA's scaler asks. */
  const queue = { messages: 2, code: 200 };
  let queueServer: Server;
  let cluster: Cluster;
  let pods: ScaledPods;
  let keda: Keda;

  beforeAll(async () => {
    queueServer = createServer((_, response) => response.writeHead(queue.code, { 'Content-Type': 'application/json' }).end(JSON.stringify(queue)));
    await new Promise<void>((resolve) => queueServer.listen(0, '127.0.0.1', resolve));
    cluster = await Cluster.start({ nodes: 1, pods: 0, manifest: manifest(), controllerManagerFlags: () => ['--horizontal-pod-autoscaler-sync-period=1s'] });
    for (const name of ['monitoring', NAMESPACE]) await cluster.kubectl.run('create', 'namespace', name);
    pods = await ScaledPods.deploy(cluster, NAMESPACE, 'shop', 1);
    keda = await Keda.start(cluster);
    await cluster.controlPlane.request('POST', `/apis/keda.sh/v1alpha1/namespaces/${NAMESPACE}/scaledobjects`, {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 'shop' },
      spec: {
        scaleTargetRef: { name: 'shop' },
        minReplicaCount: 1,
        maxReplicaCount: 4,
        triggers: [{
          type: 'metrics-api',
          metadata: { url: `http://127.0.0.1:${(queueServer.address() as AddressInfo).port}`, valueLocation: 'messages', targetValue: '2' },
        }],
      },
    });
  });

  afterAll(async () => {
    await keda?.stop();
    await cluster?.stop();
    queueServer.close();
  });

  test('finds KEDA at work: its autoscaler reads its metric', async () => {
    queue.messages = 4;
    await replicasBecome(2);
    expect(await serviceOfGroup()).toEqual({ namespace: KEDA, name: SERVICE });
  });

  test('takes the group from it as the guide says, and its autoscaler goes on', async () => {
    await keda.restartOperator('--enable-apiservice-patching=false');
    const [copyCa] = guideBlocks('docs/other-adapters.md', '## Whose CA');
    await new Shell(cluster.controlPlane).run(...copyCa);
    const { data } = await cluster.kubectl.json('get', 'configmap', '-n', 'monitoring', 'keda-ca');
    const files = new MountedFiles(cluster, { [CA_FILE]: data['ca.crt'] });
    await cluster.apply();
    cluster.runtime = await startRuntimeInPod(cluster.controlPlane, files.deployment(cluster, {}));
    expect(await serviceOfGroup()).toEqual({ namespace: 'monitoring', name: 'metrics-adapter' });
    // Until kube-apiserver has our CA in place of KEDA's, it passes nothing on.
    await eventually(async () => expect(await valuesOf('open')).toEqual(['3']));
    queue.messages = 6;
    await replicasBecome(3);
  });

  test('gives what KEDA gives, by the selector of its autoscaler', async () => {
    const { spec: { metrics: [{ external: { metric } }] } } = await cluster.kubectl.json('get', 'hpa', '-n', NAMESPACE, 'keda-hpa-shop');
    const [[name, value]] = Object.entries<string>(metric.selector.matchLabels);
    expect(await valuesOf(`${metric.name}?labelSelector=${encodeURIComponent(`${name}=${value}`)}`)).toEqual(['6']);
  });

  test('lists what is ours; KEDA serves what it does not list', async () => {
    expect((await cluster.controlPlane.request('GET', EXTERNAL)).resources).toMatchObject([{ name: 'open' }]);
  });

  test.each([
    ['without that selector', 'nothing', /source keda: HTTP 500: scaledObject name is not specified; GET https:\/\/keda-metrics-apiserver\.keda\.svc\/.*\/nothing/],
    ['of a ScaledObject that there is not', 'nothing?labelSelector=scaledobject.keda.sh%2Fname%3Dnone', /source keda: HTTP 500: .*ScaledObject\.keda\.sh .*none.* not found/],
  ])('passes on what KEDA says of a metric %s', async (_, metric, message) => {
    expect(await refusalOf(metric)).toMatch(message);
  });

  test('names KEDA, its answer and the question in the events of its autoscaler', async () => {
    queue.code = 500;
    await eventually(async () => {
      await pods.run(0);
      expect(await cluster.kubectl.run('get', 'events', '-n', NAMESPACE, '--field-selector=involvedObject.name=keda-hpa-shop', '-o', 'jsonpath={.items[*].message}'))
        .toMatch(/external metrics API: source keda: HTTP 500: rpc error: .*s0-metric-api-messages.*; GET https:\/\/keda-metrics-apiserver\.keda\.svc\//);
    });
    queue.code = 200;
  });

  test('asks KEDA by the name of its own ServiceAccount, as whom it may read and nothing else does', async () => {
    const binding = cluster.objects.find(({ kind, metadata }) => kind === 'ClusterRoleBinding' && metadata.name.endsWith('other-adapters'));
    await cluster.kubectl.run('delete', 'clusterrolebinding', binding.metadata.name);
    await eventually(async () => expect(await refusalOf('nothing')).toMatch(/ 503 .*source keda: HTTP 403: .*system:serviceaccount:monitoring:metrics-adapter/));
    await cluster.kubectl.run('apply', '-f', cluster.manifest);
    await eventually(async () => expect(await refusalOf('nothing')).toMatch(/ 500 .*source keda/));
  });

  test('finds its CA undone by an operator that writes it too, as the guide says, and writes that down', async () => {
    const undone = /Filled caBundle again, which another had changed/;
    expect(cluster.runtime.log()).not.toMatch(undone);
    await keda.restartOperator();
    await eventually(() => expect(cluster.runtime.log()).toMatch(undone));
  });

  async function valuesOf(metric: string): Promise<string[]> {
    return (await cluster.controlPlane.request('GET', `${EXTERNAL}/namespaces/${NAMESPACE}/${metric}`)).items.map(({ value }: { value: string }) => value);
  }

  function refusalOf(metric: string): Promise<string> {
    return valuesOf(metric).then(() => 'none', ({ message }: Error) => message);
  }

  async function serviceOfGroup(): Promise<object> {
    const { namespace, name } = (await cluster.kubectl.json('get', 'apiservice', API_SERVICE)).spec.service;
    return { namespace, name };
  }

  function replicasBecome(wanted: number): Promise<void> {
    return eventually(async () => {
      await pods.run(0);
      const { spec: { replicas } } = await cluster.kubectl.json('get', 'deployment', '-n', NAMESPACE, 'shop');
      if (replicas !== wanted) throw new Error(`${replicas} replicas instead of ${wanted}\n${await cluster.kubectl.run('describe', 'hpa', '-n', NAMESPACE)}`);
    }, 60_000).catch((error) => { throw new Error(`${error.message}\n${cluster.runtime?.tail()}\n${keda.tail()}`); });
  }
});

function manifest(): string {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'chart-')) });
  const metrics = new MetricsAdapter(new Chart(app, 'beside-keda', { namespace: 'monitoring' }), 'metrics', {
    adapters: [OtherAdapter.at({
      name: 'keda',
      url: `https://${SERVICE}.${KEDA}.svc`,
      certificateAuthority: SourceCa.configMap(ConfigMapRef.fromName('keda-ca')),
    })],
  });
  metrics.addExternalMetric('open', { origin: MetricOrigin.schedule({ windows: [{ start: '0 8 * * *', end: '0 18 * * *', value: 3 }], outside: 3 }) });
  app.synth();
  return join(app.outdir, 'beside-keda.k8s.yaml');
}
