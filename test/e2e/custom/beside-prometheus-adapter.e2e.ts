import { readFileSync } from 'fs';
import { Adapter, PROMETHEUS_ADAPTER } from './adapter';
import { ScrapedPrometheus } from './scraped-prometheus';
import { createCertificateAuthority, issueCertificate } from '../../simulated-cluster/pki';
import { Cluster } from '../cluster';
import { eventually } from '../control-plane/eventually';
import { MountedFiles } from '../mounted-files';
import { startRuntimeInPod } from '../runtime-in-pod';
import { ScaledPods } from '../scaled-pods';

const NAMESPACE = 'shop';
const CA_FILE = '/sources/secrets/prometheus-adapter/ca.crt';

/** What prometheus-adapter keeps. */
const RULES = `
rules:
- seriesQuery: connections{namespace!="",service!=""}
  resources: {template: "<<.Resource>>"}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue_length
  resources: {namespaced: false}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (queue)
`;

describe('the adapter of the chart, in front of a prometheus-adapter', () => {
  const prometheus = new ScrapedPrometheus();
  const load = { connections: 15, inFlight: 1 };
  let cluster: Cluster;
  let pods: ScaledPods;
  let peer: Adapter;
  let files: MountedFiles;
  let ca: string;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1, pods: 0, example: 'beside-prometheus-adapter', controllerManagerFlags: () => ['--horizontal-pod-autoscaler-sync-period=1s'] });
    for (const name of ['monitoring', NAMESPACE]) await cluster.kubectl.run('create', 'namespace', name);
    pods = await ScaledPods.deploy(cluster, NAMESPACE, 'shop', 1);
    await cluster.kubectl.run('expose', 'deployment', 'shop', '-n', NAMESPACE, '--port=80');
    await prometheus.start(() => [
      ...pods.names.map((pod) => `http_requests_in_flight{namespace="${NAMESPACE}",pod="${pod}"} ${load.inFlight}`),
      `connections{namespace="${NAMESPACE}",service="shop"} ${load.connections}`,
      'queue_length{queue="orders"} 3',
      '',
    ].join('\n'));
    const authority = await createCertificateAuthority('prometheus-adapter-ca');
    ca = authority.certificate;
    const { certificate, key } = await issueCertificate(authority, { commonName: 'prometheus-adapter', ipAddresses: ['127.0.0.1'], usages: ['server'] });
    files = new MountedFiles(cluster, { [CA_FILE]: readFileSync(cluster.controlPlane.caFile, 'utf8') });
    peer = new Adapter(PROMETHEUS_ADAPTER, cluster.controlPlane, RULES, [
      `--prometheus-url=${prometheus.url}`, '--metrics-relist-interval=2s', '--metrics-max-age=1h',
      `--tls-cert-file=${files.write('/peer/tls.crt', certificate)}`, `--tls-private-key-file=${files.write('/peer/tls.key', key)}`,
    ]);
    await cluster.apply();
    cluster.runtime = await startRuntimeInPod(cluster.controlPlane, files.deployment(cluster, {
      'http://prometheus-operated.monitoring.svc:9090': prometheus.url, 'https://prometheus-adapter.monitoring.svc': `https://127.0.0.1:${peer.port}`,
    }));
    for (const name of ['v1beta2.custom', 'v1beta1.custom', 'v1beta1.external']) await cluster.apiServiceAvailable(`${name}.metrics.k8s.io`);
  });

  afterAll(async () => {
    await peer?.stop();
    await prometheus.stop();
    await cluster?.stop();
  });

  test('shows no token to one that cannot prove who it is, and says so to the autoscaler', async () => {
    await events(/source prometheus-adapter: its certificate is not signed by the certificate authority of the configuration/);
    expect(cluster.runtime.log()).toMatch(/Source does not answer.*source="prometheus-adapter"/);
  });

  test('lists the metrics of both', async () => {
    files.write(CA_FILE, ca);
    await eventually(async () => {
      expect(await listed('custom.metrics.k8s.io/v1beta2')).toEqual(expect.arrayContaining(['pods/http_requests_in_flight', 'services/connections']));
      expect(await listed('external.metrics.k8s.io/v1beta1')).toEqual(['queue_length']);
    }, 60_000);
  });

  test('gives an autoscaler one metric of each, by either of which it scales', async () => {
    load.connections = 30;
    await replicasBecome(2);
    load.inFlight = 20;
    await replicasBecome(4);
    load.inFlight = 10;
    await eventually(async () => {
      await pods.run(0);
      const { status } = await cluster.kubectl.json('get', 'hpa', '-n', NAMESPACE, 'shop');
      const [requests, connections] = status.currentMetrics;
      expect(requests.pods).toEqual({ metric: { name: 'http_requests_in_flight' }, current: { averageValue: '10' } });
      expect(connections.object).toMatchObject({ metric: { name: 'connections' }, current: { averageValue: '7500m' } });
    });
    const queue = await cluster.controlPlane.request('GET', `/apis/external.metrics.k8s.io/v1beta1/namespaces/${NAMESPACE}/queue_length`);
    expect(queue.items).toMatchObject([{ metricLabels: { queue: 'orders' }, value: '3' }]);
  });

  test('asks it by the name of its own ServiceAccount, as whom it may read and nothing else does', async () => {
    const binding = cluster.objects.find(({ kind, metadata }) => kind === 'ClusterRoleBinding' && metadata.name.endsWith('other-adapters'));
    expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: 'metrics-adapter', namespace: 'monitoring' }]);
    await cluster.kubectl.run('delete', 'clusterrolebinding', binding.metadata.name);
    await eventually(async () => {
      const path = `/apis/custom.metrics.k8s.io/v1beta2/namespaces/${NAMESPACE}/services/shop/connections`;
      const refusal = await cluster.controlPlane.request('GET', path).then(() => 'none', ({ message }: Error) => message);
      expect(refusal).toMatch(/ 503 .*source prometheus-adapter: HTTP 403: .*system:serviceaccount:monitoring:metrics-adapter.*; GET https:/);
    }, 60_000);
  });

  function replicasBecome(wanted: number): Promise<void> {
    return eventually(async () => {
      await pods.run(0);
      const { spec: { replicas } } = await cluster.kubectl.json('get', 'deployment', '-n', NAMESPACE, 'shop');
      if (replicas !== wanted) throw new Error(`${replicas} replicas instead of ${wanted}\n${await cluster.kubectl.run('describe', 'hpa', '-n', NAMESPACE, 'shop')}\n${cluster.runtime.tail()}`);
    }, 60_000);
  }

  function events(expected: RegExp): Promise<void> {
    return eventually(async () => {
      await pods.run(0);
      expect(await cluster.kubectl.run('get', 'events', '-n', NAMESPACE, '--field-selector=involvedObject.kind=HorizontalPodAutoscaler', '-o', 'jsonpath={.items[*].message}'))
        .toMatch(expected);
    }, 60_000).catch((error) => { throw new Error(`${error.message}\n${cluster.runtime.tail()}\n${peer.tail()}`); });
  }

  async function listed(groupVersion: string): Promise<string[]> {
    return (await cluster.controlPlane.request('GET', `/apis/${groupVersion}`)).resources.map(({ name }: { name: string }) => name);
  }
});
