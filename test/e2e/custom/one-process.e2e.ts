import { ScrapedPrometheus } from './scraped-prometheus';
import { API_SERVICES, Cluster } from '../cluster';
import { eventually } from '../control-plane/eventually';
import { MountedFiles } from '../mounted-files';
import { startRuntimeInPod } from '../runtime-in-pod';
import { ScaledPods } from '../scaled-pods';

const NAMESPACE = 'shop';
const METRICS_FOR_AUTOSCALERS = ['v1beta2.custom.metrics.k8s.io', 'v1beta1.custom.metrics.k8s.io', 'v1beta1.external.metrics.k8s.io'];

describe('a metrics server that serves metrics for autoscalers too', () => {
  const prometheus = new ScrapedPrometheus();
  let cluster: Cluster;
  let pods: ScaledPods;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1, pods: 0, example: 'one-process', controllerManagerFlags: () => ['--horizontal-pod-autoscaler-sync-period=1s'] });
    await cluster.kubectl.run('create', 'namespace', NAMESPACE);
    pods = await ScaledPods.deploy(cluster, NAMESPACE, 'shop', 1);
    await pods.run(0.12);
    await prometheus.start(() => [
      ...pods.names.map((pod) => `http_requests_in_flight{namespace="${NAMESPACE}",pod="${pod}"} 10`),
      'rabbitmq_queue_messages_ready{queue="orders"} 90',
      'rabbitmq_queue_messages_ready{queue="mails"} 9000',
      '',
    ].join('\n'));
    await cluster.apply();
    cluster.runtime = await startRuntimeInPod(cluster.controlPlane, new MountedFiles(cluster, {}).deployment(cluster, {
      'http://prometheus-operated.monitoring.svc:9090': prometheus.url,
    }));
  });

  afterAll(async () => {
    await prometheus.stop();
    await cluster?.stop();
  });

  test('has all APIServices available by one Service, its one certificate verified', async () => {
    for (const name of [...API_SERVICES, ...METRICS_FOR_AUTOSCALERS]) {
      await cluster.apiServiceAvailable(name);
      const { spec } = await cluster.kubectl.json('get', 'apiservice', name);
      expect(spec).not.toHaveProperty('insecureSkipTLSVerify');
      expect({ service: spec.service.name, caBundle: spec.caBundle }).toEqual({ service: 'metrics-server', caBundle: expect.stringMatching(/^\w/) });
    }
  });

  test('gives an autoscaler usage, a metric of pods and an external one, by which it scales', async () => {
    await eventually(async () => {
      await pods.run(0.12);
      const { status } = await cluster.kubectl.json('get', 'hpa', '-n', NAMESPACE, 'shop');
      const [usage, inFlight, queue] = status.currentMetrics;
      // 120m of 200m requested.
      expect(usage).toEqual({ type: 'Resource', resource: { name: 'cpu', current: expect.objectContaining({ averageUtilization: 60 }) } });
      expect(inFlight).toEqual({ type: 'Pods', pods: { metric: { name: 'http_requests_in_flight' }, current: { averageValue: '10' } } });
      expect(queue.external.current).toEqual({ averageValue: '30' });
      expect(status.desiredReplicas).toBe(3);
    }, 110_000, 1000).catch(async (error) => {
      throw new Error(`${error.message}\n${await cluster.kubectl.run('describe', 'hpa', '-n', NAMESPACE, 'shop')}\n${cluster.runtime.tail()}`);
    });
  });

  test('goes on giving usage when its configuration cannot be used any longer', async () => {
    const usage = async () => (await cluster.metrics(`namespaces/${NAMESPACE}/pods`)).map(({ timestamp }: any) => timestamp);
    expect(await usage()).not.toEqual([]);
    new MountedFiles(cluster, { '/etc/adapter/config.yaml': 'metrics: [{name: nothing}]' });
    await eventually(async () => expect(cluster.runtime.log()).toContain('configuration cannot be used, the last good one stays'));
    expect(await usage()).not.toEqual([]);
  });
});
