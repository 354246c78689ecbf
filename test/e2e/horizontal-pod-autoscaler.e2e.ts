import { Cluster } from './cluster';
import { SimulatedNode, SimulatedPod } from '../simulated-cluster/fleet';
import { eventually } from './control-plane/eventually';

const NAMESPACE = 'hpa';
const MIB = 2 ** 20;

let cluster: Cluster;
const pods: SimulatedPod[] = [];

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 1, pods: 2 });
  await cluster.apply();
  const node: SimulatedNode = { ...cluster.fleet.nodes[0], name: 'node-hpa', pods };
  await cluster.fleet.join(node);
  await cluster.startRuntime();
  await cluster.metricsServed();
});

afterAll(() => cluster?.stop());

test('an autoscaling/v2 HPA on CPU and memory, of pods and of their container, scales a Deployment up, and down again', async () => {
  await cluster.kubectl.run('create', 'namespace', NAMESPACE);
  await create('deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          nodeName: 'node-hpa',
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'web', image: 'registry.example.com/web:1', resources: { requests: { cpu: '200m' } } }],
        },
      },
    },
  });
  const target = { type: 'Utilization', averageUtilization: 60 };
  await create('horizontalpodautoscalers', {
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
  pods.length = 0;
  await replicasBecome(1, 0.02);
});

test('misses no pod when a kubelet does not answer for one cycle', async () => {
  const kubelet = cluster.fleet.kubelet('node-hpa');
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

async function create(resource: string, object: object): Promise<void> {
  const group = resource === 'deployments' ? 'apps/v1' : 'autoscaling/v2';
  await cluster.controlPlane.request('POST', `/apis/${group}/namespaces/${NAMESPACE}/${resource}`, object);
}

/** Plays the kubelet for the Deployment's pods, each using `cores`, until the HPA has brought it to `replicas`. */
async function replicasBecome(replicas: number, cores: number): Promise<void> {
  await eventually(async () => {
    await keepRunning(cores);
    const { spec } = await cluster.kubectl.json('get', 'deployment', '-n', NAMESPACE, 'web');
    if (spec.replicas !== replicas) {
      throw new Error(`${spec.replicas} replicas instead of ${replicas}\n${await cluster.kubectl.run('describe', 'hpa', '-n', NAMESPACE, 'web')}`);
    }
  }, 110_000, 1000);
}

async function keepRunning(cores: number): Promise<void> {
  const { items } = await cluster.controlPlane.request('GET', `/api/v1/namespaces/${NAMESPACE}/pods`);
  const names: string[] = items.map(({ metadata }: any) => metadata.name);
  pods.splice(0, pods.length, ...pods.filter(({ name }) => names.includes(name)));
  for (const name of names.filter((one) => !pods.some((pod) => pod.name === one))) {
    pods.push({
      namespace: NAMESPACE,
      name,
      labels: { app: 'web' },
      containers: [{
        name: 'web',
        // Started a while ago, so that the next two looks of the kubelet make a rate.
        startMs: Date.now() - 30_000,
        housekeepingOffsetMs: 0,
        load: { meanCores: cores, swing: 0, periodSeconds: 60, phase: 0, memoryBytes: 50 * MIB },
      }],
    });
    await cluster.fleet.run(NAMESPACE, name);
  }
}
