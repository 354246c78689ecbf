import { ApiObject, Chart, Duration } from 'cdk8s';
import * as plus from 'cdk8s-plus-34';
import {
  DescribedResource, ExtensionApiServer, GitOps, Image, MetricOrigin, MetricsAdapter, MetricsAdapterProps, MetricSource, MetricsReader, MetricsServer,
  OtherAdapter, SecretRef, ServingCertificate, SourceCredentials,
} from '../../src';
import { argsOf, objectOf, testChart } from '../synthesize';

const SOURCES = [MetricSource.prometheus({ url: 'http://prometheus.monitoring.svc:9090' })];
const RPS = { query: 'sum by (namespace, pod) (rate(http_requests_total[2m]))' };
const INGRESS_RPS = { resource: DescribedResource.ingress(), query: 'sum by (namespace, ingress, method) (rate(requests[2m]))' };
const DEPTH = { query: 'sum by (queue) (queue_depth)' };

function adapterIn(chart: Chart, props: Partial<MetricsAdapterProps> = {}): MetricsAdapter {
  return new MetricsAdapter(chart, 'metrics', { sources: SOURCES, ...props });
}

function kindsOf(chart: Chart): string[] {
  return (chart.toJson() as any[]).map(({ kind, metadata: { name } }) => `${kind} ${name}`);
}

test('is an extension API server of the companion image, which is verified', () => {
  const chart = testChart();
  adapterIn(chart);

  const { metadata, spec } = objectOf(chart, 'Deployment');
  expect(metadata).toMatchObject({ name: 'metrics-adapter', namespace: 'kube-system' });
  expect(spec.template.spec).toMatchObject({ serviceAccountName: 'metrics-adapter', terminationGracePeriodSeconds: 30 });
  expect(spec.template.spec).not.toHaveProperty('priorityClassName');
  expect(spec.template.spec.containers[0]).toMatchObject({
    image: Image.companion().reference, resources: { requests: { cpu: '50m', memory: '128Mi' } }, securityContext: { readOnlyRootFilesystem: true, runAsNonRoot: true },
  });
  expect(argsOf(chart)).toEqual([
    'metrics-adapter', '--self-managed-cert-secret=kube-system/metrics-adapter-serving-certificate', '--self-managed-cert-service=kube-system/metrics-adapter',
    '--secure-port=10250', '--config=/etc/adapter/config.yaml', '--authorization-webhook-cache-authorized-ttl=5m', '--shutdown-delay-duration=5s',
  ]);
  expect(kindsOf(chart)).toEqual(expect.arrayContaining(['RoleBinding metrics-adapter.kube-system:auth-reader', 'ClusterRoleBinding metrics-adapter.kube-system:auth-delegator']));
});

test('remembers for five minutes who may read a metric, unless another time is given', () => {
  const chart = testChart();
  adapterIn(chart, { extraArgs: ['--authorization-webhook-cache-authorized-ttl=10s'] });

  expect(argsOf(chart).filter((arg) => arg.startsWith('--authorization'))).toEqual(['--authorization-webhook-cache-authorized-ttl=10s']);
});

function apiServicesOf(chart: Chart): any[] {
  return (chart.toJson() as any[]).filter(({ kind }) => kind === 'APIService');
}

test('is preferred in v1beta2, as autoscalers want it, and shadows no built-in resource', () => {
  const chart = testChart();
  const metrics = adapterIn(chart);
  metrics.addPodsMetric('rps', RPS);
  metrics.addExternalMetric('queue_depth', DEPTH);

  expect(apiServicesOf(chart).map(({ metadata, spec }) => [metadata.name, spec.groupPriorityMinimum, spec.versionPriority])).toEqual([
    ['v1beta2.custom.metrics.k8s.io', 100, 200], ['v1beta1.custom.metrics.k8s.io', 100, 100], ['v1beta1.external.metrics.k8s.io', 100, 100],
  ]);
});

test('mounts its configuration whole, so that a changed one is taken without a restart', () => {
  const chart = testChart();
  const metrics = adapterIn(chart, { name: 'shop-metrics' });
  const template = JSON.stringify(objectOf(chart, 'Deployment').spec.template);
  metrics.addPodsMetric('rps', RPS);

  expect(JSON.stringify(objectOf(chart, 'Deployment').spec.template)).toBe(template);
  const { volumes, containers: [{ volumeMounts }] } = JSON.parse(template).spec;
  expect(volumes).toContainEqual({ name: 'configuration', configMap: { name: 'shop-metrics-config' } });
  expect(volumeMounts).toContainEqual({ name: 'configuration', mountPath: '/etc/adapter', readOnly: true });
  expect(objectOf(chart, 'ConfigMap').data['config.yaml']).toContain('name: rps');
  // The pod would wait for it.
  const kinds = kindsOf(chart);
  expect(kinds.indexOf('ConfigMap shop-metrics-config')).toBeLessThan(kinds.indexOf('Deployment shop-metrics'));
});

test('gives the elements of an autoscaler\'s metrics', () => {
  const metrics = adapterIn(testChart());

  const rps = metrics.addPodsMetric('http_requests_per_second', RPS);
  expect(rps.podsMetricSpec({ averageValue: '100' })).toEqual({
    type: 'Pods', pods: { metric: { name: 'http_requests_per_second' }, target: { type: 'AverageValue', averageValue: '100' } },
  });
  const ingress = metrics.addObjectMetric('rps', INGRESS_RPS).matching({ method: 'GET' });
  expect(ingress.objectMetricSpec({ name: 'main', value: '2k' })).toEqual({
    type: 'Object',
    object: {
      describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'main' },
      metric: { name: 'rps', selector: { matchLabels: { method: 'GET' } } },
      target: { type: 'Value', value: '2k' },
    },
  });
  const depth = metrics.addExternalMetric('queue_depth', DEPTH);
  expect(depth.matching({ queue: 'orders' }).externalMetricSpec({ averageValue: '30' })).toEqual({
    type: 'External',
    external: { metric: { name: 'queue_depth', selector: { matchLabels: { queue: 'orders' } } }, target: { type: 'AverageValue', averageValue: '30' } },
  });
  expect([depth.metricName, depth.selector, depth.matching({ queue: 'orders' }).selector]).toEqual(['queue_depth', {}, { queue: 'orders' }]);
});

test('suits the metrics of cdk8s-plus', () => {
  const chart = testChart();
  const rps = adapterIn(chart).addPodsMetric('rps', { query: 'sum by (namespace, pod, verb) (rate(a[2m]))' }).matching({ verb: 'GET' });
  const target = new plus.Deployment(chart, 'shop', { containers: [{ image: 'shop:1' }], replicas: undefined });
  new plus.HorizontalPodAutoscaler(chart, 'autoscaler', {
    target,
    maxReplicas: 10,
    metrics: [plus.Metric.pods({
      name: rps.metricName, labelSelector: plus.LabelSelector.of({ labels: rps.selector }), target: plus.MetricTarget.averageValue(100),
    })],
  });

  const [{ type, pods }] = objectOf(chart, 'HorizontalPodAutoscaler').spec.metrics;
  expect([type, pods.metric.name, pods.metric.selector.matchLabels]).toEqual(['Pods', 'rps', { verb: 'GET' }]);
});

describe('rights', () => {
  test('are to follow what metrics are of, once for each kind, and nothing without such metrics', () => {
    const chart = testChart({ namespace: 'monitoring' });
    const metrics = adapterIn(chart);
    metrics.addExternalMetric('queue_depth', DEPTH);
    expect(kindsOf(chart)).not.toContain('ClusterRole metrics-adapter.monitoring:described-objects');

    metrics.addPodsMetric('rps', RPS);
    metrics.addPodsMetric('other', RPS);
    metrics.addObjectMetric('rps', INGRESS_RPS);
    expect(objectOf(chart, 'ClusterRole', 'metrics-adapter.monitoring:described-objects')).toMatchObject({
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['list', 'watch'] },
      ],
    });
    expect(objectOf(chart, 'ClusterRoleBinding', 'metrics-adapter.monitoring:described-objects').subjects).toEqual([
      { kind: 'ServiceAccount', name: 'metrics-adapter', namespace: 'monitoring' },
    ]);
  });

  test('to read are given on request, for these metrics alone, those declared later among them', () => {
    const chart = testChart();
    const metrics = adapterIn(chart);
    metrics.addPodsMetric('rps', RPS);
    expect(kindsOf(chart).join()).not.toContain('reader:');
    metrics.grantRead(MetricsReader.user('system:kube-controller-manager'));
    metrics.grantRead(MetricsReader.serviceAccount('horizontal-pod-autoscaler', 'kube-system'));
    metrics.grantRead(MetricsReader.user('system:kube-controller-manager'));
    metrics.addObjectMetric('rps', INGRESS_RPS);
    metrics.addObjectMetric('pods', { resource: DescribedResource.namespace(), query: 'sum by (namespace) (pods)' });
    metrics.addExternalMetric('queue_depth', DEPTH);

    const role = 'metrics-adapter.kube-system:custom-metrics-reader';
    expect(objectOf(chart, 'ClusterRole', role).rules).toEqual([
      { apiGroups: ['custom.metrics.k8s.io'], resources: ['pods/rps'], verbs: ['get'] },
      { apiGroups: ['custom.metrics.k8s.io'], resources: ['ingresses.networking.k8s.io/rps'], verbs: ['get'] },
      { apiGroups: ['custom.metrics.k8s.io'], resources: ['metrics'], resourceNames: ['pods'], verbs: ['get'] },
      { apiGroups: ['external.metrics.k8s.io'], resources: ['queue_depth'], verbs: ['list'] },
    ]);
    const bindings = (chart.toJson() as any[]).filter(({ roleRef }) => roleRef?.name === role);
    expect(bindings.map(({ metadata, subjects }) => [metadata.name, subjects[0].name])).toEqual([
      [`${role}:user:system:kube-controller-manager`, 'system:kube-controller-manager'],
      [`${role}:serviceaccount:kube-system:horizontal-pod-autoscaler`, 'horizontal-pod-autoscaler'],
    ]);
  });

  test('to ask where values come from are given on request, and are for nothing else', () => {
    const chart = testChart();
    adapterIn(chart).grantExplain(MetricsReader.group('on-call'));

    const name = 'metrics-adapter.kube-system:metrics-explainer';
    expect(objectOf(chart, 'ClusterRole', name).rules).toEqual([{ nonResourceURLs: ['/debug/metrics/*'], verbs: ['get'] }]);
    expect(objectOf(chart, 'ClusterRoleBinding', `${name}:group:on-call`)).toMatchObject({ roleRef: { name }, subjects: [{ kind: 'Group', name: 'on-call' }] });
    expect(() => adapterIn(testChart(), { rbac: false }).grantExplain(MetricsReader.user('me'))).toThrow('rbac: false');
  });

  test('to read objects that metrics are made of are no wider than these, and bound where they are', () => {
    const chart = testChart({ namespace: 'monitoring' });
    const metrics = adapterIn(chart);
    const [deployment, service] = [DescribedResource.deployment(), DescribedResource.service()];
    const value = '{.status.replicas}';
    metrics.addExternalMetric('a', { origin: MetricOrigin.objects({ resource: deployment, objectNamespace: 'shop', objectName: 'web', value }) });
    metrics.addExternalMetric('b', { origin: MetricOrigin.objects({ resource: deployment, objectNamespace: 'shop', objectName: 'web', value }) });
    metrics.addExternalMetric('c', { origin: MetricOrigin.objects({ resource: service, objectNamespace: 'shop', value }) });
    metrics.addExternalMetric('d', { origin: MetricOrigin.objects({ resource: service, value }) });

    const name = 'metrics-adapter.monitoring:metric-objects';
    expect(objectOf(chart, 'Role', name)).toMatchObject({
      metadata: { namespace: 'shop' },
      rules: [
        { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['get'] }, { apiGroups: [''], resources: ['services'], verbs: ['list', 'watch'] },
      ],
    });
    expect(objectOf(chart, 'ClusterRole', name).rules).toEqual([{ apiGroups: [''], resources: ['services'], verbs: ['list', 'watch'] }]);
    const subjects = [{ kind: 'ServiceAccount', name: 'metrics-adapter', namespace: 'monitoring' }];
    expect(objectOf(chart, 'RoleBinding', name)).toMatchObject({ metadata: { namespace: 'shop' }, roleRef: { kind: 'Role', name }, subjects });
    expect(objectOf(chart, 'ClusterRoleBinding', name)).toMatchObject({ roleRef: { kind: 'ClusterRole', name }, subjects });

    const without = testChart();
    adapterIn(without, { rbac: false }).addExternalMetric('a', { origin: MetricOrigin.objects({ resource: service, value }) });
    expect(kindsOf(without).filter((one) => /Role/.test(one))).toEqual([]);
  });

  test('to ask other adapters are those that lead here, and only where the ServiceAccount is shown', () => {
    const keda = OtherAdapter.at({ name: 'keda', url: 'https://keda.keda.svc' });
    const role = 'metrics-adapter.kube-system:other-adapters';
    const rulesOf = (props: Partial<MetricsAdapterProps>) => {
      const chart = testChart();
      adapterIn(chart, props);
      return (chart.toJson() as any[]).filter(({ kind, metadata: { name } }) => kind === 'ClusterRole' && name === role).flatMap(({ rules }) => rules);
    };
    const [custom, external] = [
      { apiGroups: ['custom.metrics.k8s.io'], resources: ['*'], verbs: ['get'] }, { apiGroups: ['external.metrics.k8s.io'], resources: ['*'], verbs: ['list'] },
    ];

    expect(rulesOf({})).toEqual([]);
    expect(rulesOf({ adapters: [keda] })).toEqual([custom, external]);
    expect(rulesOf({ adapters: [keda], customMetrics: false })).toEqual([external]);
    expect(rulesOf({ adapters: [OtherAdapter.at({ name: 'a', url: 'https://a', credentials: SourceCredentials.serviceAccountToken() })] })).toEqual([custom, external]);
    expect(rulesOf({ adapters: [OtherAdapter.at({ name: 'a', url: 'https://a', clientCertificate: SecretRef.fromName('a') })] })).toEqual([]);
    expect(rulesOf({ adapters: [keda], rbac: false })).toEqual([]);
    const chart = testChart();
    adapterIn(chart, { adapters: [keda] });
    expect(objectOf(chart, 'ClusterRoleBinding', role)).toMatchObject({
      roleRef: { name: role }, subjects: [{ kind: 'ServiceAccount', name: 'metrics-adapter', namespace: 'kube-system' }],
    });
  });

  test('are someone else\'s business with rbac: false', () => {
    const chart = testChart();
    adapterIn(chart, { rbac: false }).addPodsMetric('rps', RPS);

    expect(kindsOf(chart).filter((name) => /Role/.test(name))).toEqual([]);
  });
});

describe('API groups lead here', () => {
  const CUSTOM = ['v1beta2.custom.metrics.k8s.io', 'v1beta1.custom.metrics.k8s.io'];
  const EXTERNAL = ['v1beta1.external.metrics.k8s.io'];
  const RULE = { seriesQuery: 'a', metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)' };
  const keda = OtherAdapter.at({ name: 'keda', url: 'https://keda.keda.svc', clientCertificate: SecretRef.fromName('a') });

  test.each<[string, Partial<MetricsAdapterProps>, (metrics: MetricsAdapter) => void, string[]]>([
    ['none before something is declared: it may be another\'s, such as KEDA\'s', {}, () => {}, []],
    ['with a metric of pods', {}, (metrics) => metrics.addPodsMetric('rps', RPS), CUSTOM],
    ['with a metric of objects', {}, (metrics) => metrics.addObjectMetric('rps', INGRESS_RPS), CUSTOM],
    ['with a rule', {}, (metrics) => metrics.addDiscoveryRule(RULE), CUSTOM],
    ['with an external metric', {}, (metrics) => metrics.addExternalMetric('queue_depth', DEPTH), EXTERNAL],
    ['with an external rule', {}, (metrics) => metrics.addExternalDiscoveryRule(RULE), EXTERNAL],
    ['once, however much is declared', {}, (metrics) => { metrics.addPodsMetric('a', RPS); metrics.addPodsMetric('b', RPS); metrics.addDiscoveryRule(RULE); }, CUSTOM],
    ['both with another adapter, of which nobody knows what it serves', { adapters: [keda] }, () => {}, [...CUSTOM, ...EXTERNAL]],
    ['but those that are another\'s', { adapters: [keda], customMetrics: false }, () => {}, EXTERNAL],
    ['where that is asked for', { externalMetrics: true }, () => {}, EXTERNAL],
    ['not where they are led by others', { apiServices: false }, (metrics) => metrics.addPodsMetric('rps', RPS), []],
  ])('%s', (_, props, declare, names) => {
    const chart = testChart();
    declare(adapterIn(chart, props));

    expect(apiServicesOf(chart).map(({ metadata }) => metadata.name)).toEqual(names);
  });

  test('after the Deployment, whose ServiceAccount may write the CA of those alone, and see of the others that they lead elsewhere', () => {
    const chart = testChart();
    const metrics = adapterIn(chart, { gitOps: GitOps.argoCd() });
    const rules = () => objectOf(chart, 'ClusterRole', 'metrics-adapter.kube-system').rules.map(({ resourceNames, verbs }: any) => [resourceNames, verbs]);
    expect(rules()).toEqual([[[...CUSTOM, ...EXTERNAL], ['list', 'watch']]]);
    metrics.addPodsMetric('rps', RPS);

    expect(rules()).toEqual([[CUSTOM, ['list', 'watch', 'patch']], [EXTERNAL, ['list', 'watch']]]);
    const kinds = kindsOf(chart);
    expect(kinds.indexOf('Deployment metrics-adapter')).toBeLessThan(kinds.indexOf(`APIService ${CUSTOM[0]}`));
    expect(apiServicesOf(chart).map(({ metadata }) => metadata.annotations)).toEqual(Array(2).fill({ 'argocd.argoproj.io/sync-wave': '1' }));
  });
});

describe('API groups have one owner', () => {
  test('in a chart', () => {
    const chart = testChart();
    adapterIn(chart).addPodsMetric('rps', RPS);
    new MetricsAdapter(chart, 'other', { sources: SOURCES, name: 'other' }).addPodsMetric('rps', RPS);

    expect(() => chart.toJson()).toThrow(/given 'v1beta2\.custom\.metrics\.k8s\.io, which test\/metrics\/.+ registers as well'; allowed: one APIService/);
  });

  test('and what another one has, is left to it', () => {
    const chart = testChart({ namespace: 'monitoring' });
    new ExtensionApiServer(chart, 'keda', {
      name: 'keda', image: 'keda:1', servingCertificate: ServingCertificate.insecureSkipTlsVerify(), groupVersions: [{ group: 'external.metrics.k8s.io', version: 'v1beta1' }],
    });
    const metrics = adapterIn(chart, { externalMetrics: false });
    metrics.addPodsMetric('rps', RPS);
    new MetricsServer(chart, 'metrics-server');

    expect(chart.node.findAll().flatMap((c) => c.node.validate())).toEqual([]);
    expect(() => metrics.addExternalMetric('queue_depth', DEPTH)).toThrow(/queue_depth beside externalMetrics: false/);
    expect(() => adapterIn(testChart(), { customMetrics: false }).addPodsMetric('rps', RPS)).toThrow(/rps beside customMetrics: false/);
  });
});

test('takes what every extension API server takes', () => {
  const chart = testChart();
  const metrics = adapterIn(chart, {
    name: 'adapter',
    namespace: 'monitoring',
    highAvailability: true,
    shutdownDelay: Duration.seconds(10),
    servingCertificate: ServingCertificate.certManager(),
    extraArgs: ['--v=2'],
    networkPolicy: { egress: [{ cidrs: ['10.0.0.0/8'], ports: [9090] }] },
  });
  metrics.server.addContainer({ name: 'sidecar', image: 'sidecar:1' });

  expect(objectOf(chart, 'Deployment').spec).toMatchObject({ replicas: 2, template: { spec: { terminationGracePeriodSeconds: 35 } } });
  expect(argsOf(chart)).toEqual(expect.arrayContaining(['metrics-adapter', '--shutdown-delay-duration=10s', '--v=2', '--tls-cert-file=/serving-certificate/tls.crt']));
  expect(objectOf(chart, 'NetworkPolicy').spec.egress).toEqual(expect.arrayContaining([
    { ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }] }, { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ protocol: 'TCP', port: 9090 }] },
  ]));
  expect(ApiObject.isApiObject(metrics.configMap)).toBe(true);
});

test.each<[string, (chart: Chart) => MetricsAdapterProps]>([
  ['its own', () => ({ adapters: [OtherAdapter.at({ name: 'keda', url: 'https://keda.example.com' })] })],
  ['a host\'s', (chart) => ({ host: new MetricsServer(chart, 'metrics-server').server })],
])('the manifest has roles and bindings in front of the Deployment, %s, and APIServices behind it, whatever is declared when', (_, propsIn) => {
  const chart = testChart();
  const metrics = new MetricsAdapter(chart, 'metrics', propsIn(chart));
  metrics.grantRead(MetricsReader.user('somebody'));
  metrics.addObjectMetric('replicas', {
    resource: DescribedResource.deployment(),
    nameLabel: 'name',
    origin: MetricOrigin.objects({ resource: DescribedResource.deployment(), objectNamespace: 'shop', value: '{.status.replicas}' }),
  });
  metrics.grantExplain(MetricsReader.user('somebody'));

  // The one of a MetricsServer is for users alone.
  const objects = (chart.toJson() as any[]).filter(({ metadata }) => metadata.name !== 'system:aggregated-metrics-reader').map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const deployment = objects.findIndex((object) => object.startsWith('Deployment'));
  expect(objects.slice(deployment).filter((object) => /^(Cluster)?Role/.test(object))).toEqual([]);
  expect(objects.slice(0, deployment).filter((object) => object.startsWith('APIService'))).toEqual([]);
});
