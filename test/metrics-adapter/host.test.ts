import { Chart } from 'cdk8s';
import {
  Image, MetricsAdapter, MetricsAdapterProps, MetricSource, MetricsReader, MetricsServer, MetricsServerProps, OtherAdapter, SecretRef,
  ServingCertificate, SourceCredentials,
} from '../../src';
import { optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { argsOf, objectOf, testChart } from '../synthesize';

const PROMETHEUS = MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' });
const RPS = { query: 'sum by (namespace, pod) (rate(http_requests_total[2m]))' };
const USAGE = { containerQuery: 'a', nodeQuery: 'b', containerLabel: 'container' };
const DEPTH = { query: 'sum by (queue) (queue_depth)' };
const APIS = ['v1beta2.custom.metrics.k8s.io', 'v1beta1.custom.metrics.k8s.io', 'v1beta1.external.metrics.k8s.io'];

function hosted(chart: Chart, server: MetricsServerProps = {}, props: MetricsAdapterProps = {}): MetricsAdapter {
  const host = new MetricsServer(chart, 'metrics-server', server).server;
  return new MetricsAdapter(chart, 'metrics', { sources: [PROMETHEUS], host, ...props });
}

function objects(chart: Chart, kind: string): any[] {
  return (chart.toJson() as any[]).filter((object) => object.kind === kind);
}

test('one Deployment serves all: its pods get the configuration, its Service the APIServices', () => {
  const chart = testChart();
  const metrics = hosted(chart);
  metrics.addPodsMetric('rps', RPS);
  metrics.addExternalMetric('queue_depth', DEPTH);

  expect(optionsFrom(parseFlags(argsOf(chart)))).toMatchObject({ metricsConfiguration: { configFile: '/etc/adapter/config.yaml' } });
  const { containers: [{ volumeMounts }], volumes } = objectOf(chart, 'Deployment').spec.template.spec;
  expect(volumes).toContainEqual({ name: 'configuration', configMap: { name: 'metrics-server-adapter-config' } });
  expect(volumeMounts).toContainEqual({ name: 'configuration', mountPath: '/etc/adapter', readOnly: true });
  expect(objectOf(chart, 'ConfigMap').data['config.yaml']).toContain('name: rps');
  const service = { name: 'metrics-server', namespace: 'kube-system' };
  expect(objects(chart, 'APIService').map(({ metadata: { name }, spec }) => [name, spec.service])).toEqual([
    'v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io', ...APIS,
  ].map((name) => [name, service]));
  const kinds = (chart.toJson() as any[]).map(({ kind }) => kind);
  expect(kinds.indexOf('ConfigMap')).toBeLessThan(kinds.indexOf('Deployment'));
  expect(kinds.indexOf('Deployment')).toBeLessThan(kinds.indexOf('APIService'));
});

test('the server may fill the caBundle of each that leads to it, and follow what the metrics are of', () => {
  const chart = testChart();
  const metrics = hosted(chart);
  metrics.addPodsMetric('rps', RPS);
  metrics.grantRead(MetricsReader.user('me'));

  const rights = objectOf(chart, 'ClusterRole', 'system:metrics-server').rules;
  const apiServices = rights.filter(({ resources, verbs }: any) => resources?.includes('apiservices') && verbs.includes('patch'));
  expect(apiServices.flatMap(({ resourceNames }: any) => resourceNames)).toEqual(['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io', ...APIS.slice(0, 2)]);
  expect(objectOf(chart, 'ClusterRole', 'metrics-server:described-objects').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }]);
  expect(objectOf(chart, 'ClusterRoleBinding', 'metrics-server:described-objects').subjects).toEqual([
    { kind: 'ServiceAccount', name: 'metrics-server', namespace: 'kube-system' },
  ]);
  expect(objectOf(chart, 'ClusterRole', 'metrics-server:custom-metrics-reader').rules).toEqual([
    { apiGroups: ['custom.metrics.k8s.io'], resources: ['pods/rps'], verbs: ['get'] },
  ]);
});

test('the APIServices are verified as those of the host: by cert-manager, or not at all', () => {
  const [managed, insecure] = [testChart(), testChart()];
  const both = { customMetrics: true, externalMetrics: true };
  hosted(managed, { servingCertificate: ServingCertificate.certManager() }, both);
  hosted(insecure, { servingCertificate: ServingCertificate.insecureSkipTlsVerify() }, both);

  expect(objects(managed, 'APIService').map(({ metadata }) => metadata.annotations)).toEqual(
    Array(5).fill({ 'cert-manager.io/inject-ca-from': 'kube-system/metrics-server-tls' }),
  );
  expect(objects(insecure, 'APIService').map(({ spec }) => spec.insecureSkipTLSVerify)).toEqual(Array(5).fill(true));
});

test('where the host makes no APIServices and no roles, neither does the adapter', () => {
  const chart = testChart();
  const metrics = hosted(chart, { apiServices: false, rbac: false }, { apiServices: false });
  metrics.addPodsMetric('rps', RPS);

  expect(objects(chart, 'APIService')).toEqual([]);
  expect(objects(chart, 'ClusterRole')).toEqual([]);
  expect(() => metrics.grantRead(MetricsReader.user('me'))).toThrow('rbac: false');
});

test('an API that leads elsewhere is left alone', () => {
  const chart = testChart();
  hosted(chart, {}, { externalMetrics: false }).addPodsMetric('rps', RPS);

  expect(objects(chart, 'APIService').map(({ metadata }) => metadata.name)).not.toContain('v1beta1.external.metrics.k8s.io');
});

test.each([true, false])('APIServices that are made elsewhere are left out with apiServices: false, those of the host (%s) apart', (apiServices) => {
  const chart = testChart();
  const metrics = hosted(chart, { apiServices }, { apiServices: false });
  metrics.addPodsMetric('rps', RPS);
  metrics.addExternalMetric('queue_depth', DEPTH);

  expect(objects(chart, 'APIService').map(({ metadata }) => metadata.name)).toEqual(apiServices ? ['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io'] : []);
  // Whoever makes them finds them filled.
  const { rules } = objects(chart, 'ClusterRole').find(({ metadata }) => metadata.name === 'system:metrics-server')!;
  expect(rules).toContainEqual(expect.objectContaining({ resources: ['apiservices'], resourceNames: ['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io', ...APIS], verbs: expect.arrayContaining(['patch']) }));
});

test('who may read a metric is remembered as long as by an adapter with pods of its own, unless the host says how long', () => {
  const ttls = (extraArgs?: string[]) => {
    const chart = testChart();
    hosted(chart, { extraArgs });
    return argsOf(chart).filter((arg) => arg.startsWith('--authorization-webhook-cache-authorized-ttl'));
  };

  expect(ttls()).toEqual(['--authorization-webhook-cache-authorized-ttl=5m']);
  expect(ttls(['--authorization-webhook-cache-authorized-ttl=30s'])).toEqual(['--authorization-webhook-cache-authorized-ttl=30s']);
});

test('what sources read is mounted into the host\'s pods', () => {
  const chart = testChart();
  hosted(chart, {}, {
    sources: [MetricSource.prometheus({ url: 'https://prometheus:9090', credentials: SourceCredentials.bearerToken(SecretRef.fromName('token')) })],
  });

  expect(JSON.stringify(objectOf(chart, 'Deployment').spec.template.spec.volumes)).toContain('"path":"secrets/token/token"');
});

test.each<[string, MetricsServerProps, MetricsAdapterProps, RegExp]>([
  ['pods of its own', {}, { replicas: 2 }, /replicas: given 2; allowed: none beside host: sources, adapters, customMetrics, externalMetrics, apiServices/],
  ['resourceRules', {}, { resourceRules: { cpu: USAGE, memory: USAGE } }, /remove it: the host has metrics\.k8s\.io from kubelets/],
  ['its own token for other adapters', {}, { adapters: [OtherAdapter.at({ name: 'keda', url: 'https://keda.keda.svc' })] },
    /adapters\[0\]\.credentials: given 'the token of the host's ServiceAccount/],
  ['its own token for sources', {}, { sources: [MetricSource.prometheus({ url: 'https://a', credentials: SourceCredentials.serviceAccountToken() })] },
    /sources\[0\]\.credentials: given 'the token of the host's ServiceAccount/],
  ['an image without adapter', { image: Image.upstream('v0.9.0'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() }, {}, /host: given .*; allowed: the server of a MetricsServer with the companion image/],
  ['a host without APIServices, by which these would lack theirs unsaid', { apiServices: false }, {},
    /apiServices: given 'true beside a host with apiServices: false, .* leave host out for pods of the adapter's own/],
  ['a network policy without egress', { networkPolicy: {} }, {}, /whose networkPolicy has no egress/],
  ['a network policy without dns', { networkPolicy: { egress: [{ cidrs: ['10.0.0.0/8'], ports: [9090] }] } }, {}, /whose networkPolicy has no dns/],
])('%s is refused', (_, server, props, message) => {
  expect(() => hosted(testChart(), server, props)).toThrow(message);
});

test('a network policy that lets the pods reach the sources is taken', () => {
  const chart = testChart();
  hosted(chart, { networkPolicy: { egress: [{ cidrs: ['10.0.0.0/8'], ports: [9090] }], dns: true } });
  expect(objects(chart, 'NetworkPolicy')).toHaveLength(1);
});

test('the server of an adapter is no host, nor is one that serves an adapter already', () => {
  const chart = testChart();
  const adapter = new MetricsAdapter(chart, 'own', { sources: [PROMETHEUS], name: 'own' });
  expect(() => new MetricsAdapter(chart, 'a', { host: adapter.server })).toThrow('the server of a MetricsServer');
  const { server } = hosted(testChart(), {}, { externalMetrics: false });
  expect(() => new MetricsAdapter(server, 'b', { host: server, customMetrics: false })).toThrow('the server has --config=/etc/adapter/config.yaml already');
});
