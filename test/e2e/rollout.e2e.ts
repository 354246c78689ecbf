import { synthesize } from './charts';
import { API_SERVICES, Cluster } from './cluster';
import { eventually } from './control-plane/eventually';
import { PodRunner } from './pod-runner';
import { SteadyRequests } from './steady-requests';

const MANIFEST = synthesize('rollout', () => ({ replicas: 2 })).server;

let cluster: Cluster;
let pods: PodRunner;

beforeAll(async () => {
  // In a large cluster, a pod that ends is still sent requests for a while.
  cluster = await Cluster.start({ nodes: 2, pods: 8, controllerManagerFlags: () => ['--endpointslice-updates-batch-period=3s'] });
  await cluster.kubectl.run('apply', '-f', MANIFEST);
  pods = new PodRunner(cluster, 'kube-system', 'k8s-app=metrics-server');
  await rolledOut();
  for (const name of API_SERVICES) await cluster.apiServiceAvailable(name);
  await cluster.metricsServed();
}, 180_000);

afterAll(async () => {
  await pods?.stop();
  await cluster?.stop();
});

test('a rollout of two replicas: no request through kube-apiserver fails, and each pod ends by itself', async () => {
  const before = pods.running;
  await SteadyRequests.succeedDuring(cluster.controlPlane, async () => {
    await cluster.kubectl.run('rollout', 'restart', '-n', 'kube-system', 'deployment/metrics-server');
    await rolledOut();
    await eventually(() => before.forEach(({ process }) => { if (process.running) throw new Error(process.tail()); }));
  });
  expect(pods.running.map(({ name }) => name)).not.toEqual(expect.arrayContaining(before.map(({ name }) => name)));
  expect(await Promise.all(before.map(({ process }) => process.exited))).toEqual([0, 0]);
}, 180_000);

test('a pod that is evicted: no request through kube-apiserver fails', async () => {
  const [{ name }] = pods.running;
  await SteadyRequests.succeedDuring(cluster.controlPlane, async () => {
    await cluster.controlPlane.request('POST', `/api/v1/namespaces/kube-system/pods/${name}/eviction`, {
      apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'kube-system' },
    });
    await eventually(() => expect(pods.running.map((pod) => pod.name)).not.toContain(name));
    await rolledOut();
  });
}, 120_000);

/** Two pods are ready, and kube-controller-manager has seen it. */
function rolledOut(): Promise<string> {
  return cluster.kubectl.run('rollout', 'status', 'deployment/metrics-server', '-n', 'kube-system', '--timeout=120s');
}
