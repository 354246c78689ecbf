import { Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { ScaledPods } from './scaled-pods';

const NAMESPACE = 'hpa';

let cluster: Cluster;
let pods: ScaledPods;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  await cluster.apply();
  await cluster.kubectl.run('create', 'namespace', NAMESPACE);
  pods = await ScaledPods.deploy(cluster, NAMESPACE, 'web', 2);
  await cluster.startRuntime();
  await cluster.metricsServed();
});

afterAll(() => cluster?.stop());

test('an autoscaling/v2 HPA on CPU and memory, of pods and of their container, scales a Deployment up, and down again', async () => {
  const target = { type: 'Utilization', averageUtilization: 60 };
  await cluster.controlPlane.request('POST', `/apis/autoscaling/v2/namespaces/${NAMESPACE}/horizontalpodautoscalers`, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 4,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target } },
        { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'web', target } },
        { type: 'ContainerResource', containerResource: { name: 'memory', container: 'web', target: { type: 'AverageValue', averageValue: '1Gi' } } },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    },
  });

  // 300m of 200m requested is 150 %: 2 pods become 5, of which 4 are allowed.
  await replicasBecome(4, 0.3);
  const { status } = await cluster.kubectl.json('get', 'hpa', '-n', NAMESPACE, 'web');
  expect(status.currentMetrics).toEqual([
    { type: 'Resource', resource: { name: 'cpu', current: expect.objectContaining({ averageUtilization: 150 }) } },
    { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'web', current: expect.objectContaining({ averageUtilization: 150 }) } },
    { type: 'ContainerResource', containerResource: { name: 'memory', container: 'web', current: { averageValue: expect.any(String) } } },
  ]);

  // 20m of 200m is 10 %.
  pods.restart();
  await replicasBecome(1, 0.02);
});

test('misses no pod when a kubelet does not answer for one cycle', async () => {
  const kubelet = cluster.fleet.kubelet('node-web');
  const missedBefore = await missingMetrics();
  const servedBefore = await timestamps();
  expect(servedBefore).toHaveLength(1);

  // From right after an answer until the next one would have come.
  const answers = kubelet.requests;
  await eventually(async () => expect(kubelet.requests).toBeGreaterThan(answers), 30_000, 100);
  const answersBefore = kubelet.requests;
  await kubelet.setFault({ kind: 'refuse' });
  await watched(18_000);
  expect(kubelet.requests).toBe(answersBefore);
  await kubelet.setFault();
  await watched(27_000);

  expect(kubelet.requests).toBeGreaterThan(answersBefore);
  expect((await timestamps())[0] > servedBefore[0]).toBe(true);
  expect(await missingMetrics()).toEqual(missedBefore);
});

/** Looks once a second whether every pod of the Deployment has metrics, and the HPA its figures. */
async function watched(durationMs: number): Promise<void> {
  const endMs = Date.now() + durationMs;
  while (Date.now() < endMs) {
    expect(await timestamps()).toHaveLength(1);
    const { status } = await cluster.kubectl.json('get', 'hpa', '-n', NAMESPACE, 'web');
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'ScalingActive', status: 'True' }));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** When the Deployment's pods were measured. */
async function timestamps(): Promise<string[]> {
  const { items } = await cluster.controlPlane.request('GET', `/apis/metrics.k8s.io/v1beta1/namespaces/${NAMESPACE}/pods`);
  return items.map(({ timestamp }: any) => timestamp);
}

/** What the HPA has complained about so far. */
async function missingMetrics(): Promise<unknown[]> {
  const { items } = await cluster.kubectl.json('get', 'events', '-n', NAMESPACE, '--field-selector', 'involvedObject.kind=HorizontalPodAutoscaler,type=Warning');
  return items.map(({ metadata, count, message }: any) => ({ name: metadata.name, count, message }));
}

async function replicasBecome(replicas: number, cores: number): Promise<void> {
  await eventually(async () => {
    await pods.run(cores);
    const { spec } = await cluster.kubectl.json('get', 'deployment', '-n', NAMESPACE, 'web');
    if (spec.replicas !== replicas) {
      throw new Error(`${spec.replicas} replicas instead of ${replicas}\n${await cluster.kubectl.run('describe', 'hpa', '-n', NAMESPACE, 'web')}`);
    }
  }, 110_000, 1000);
}
