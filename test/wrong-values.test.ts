import * as fs from 'fs';
import * as path from 'path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as ts from 'typescript';
import * as library from '../src';
import { testChart } from './synthesize';

const {
  AggregatedApiService, AuthDelegatorBindings, DescribedResource, ExtensionApiServer, Image, KubeletAccess, KubeletServingApprover,
  LabelSelectorOperator, MetricOrigin, MetricsAdapter, MetricSource, MetricsReader, MetricsServer, Monitoring, NannySidecar, NodeSelectorOperator,
  OtherAdapter, PodValues, Rules, ScrapeCredentials, ServingCertificate, UnsatisfiableConstraintAction, UpdateStrategy, Volume,
} = library;

const GROUP_VERSION = { group: 'wardle.example.com', version: 'v1' };
const SERVER = { name: 'wardle', namespace: 'wardle', image: 'wardle:1', groupVersions: [GROUP_VERSION], servingCertificate: ServingCertificate.insecureSkipTlsVerify() };
const RULE = { apiGroups: [''], resources: ['pods'], verbs: ['list'] };
const API = { name: 'wardle', namespace: 'wardle', selector: { app: 'wardle' }, groupVersions: [GROUP_VERSION] };
const ESTIMATE = { base: '1m', perNode: '1m' };
const kubeconfig = (secret: any) => ({ kubeletAccess: KubeletAccess.kubeconfig(secret) });
const kubeletCa = (configMap: any) => ({ kubeletAccess: KubeletAccess.certificateAuthority(configMap) });

const READER = MetricsReader.user('scraper');
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const NODE_TERM = { matchExpressions: [{ key: 'a', operator: NodeSelectorOperator.EXISTS }] };
const POD_TERM = { labelSelector: {}, topologyKey: 'kubernetes.io/hostname' };

const metricsServer = (chart: Chart, props: object) => new MetricsServer(chart, 'it', props);
const server = (chart: Chart, props: object) => new ExtensionApiServer(chart, 'it', { ...SERVER, ...props });
const api = (chart: Chart, props: object) => new AggregatedApiService(chart, 'it', { ...API, ...props });
const monitored = (chart: Chart, options: object) => metricsServer(chart, { monitoring: Monitoring.serviceMonitor(options) });
const scraping = (chart: Chart, credentials: any) => monitored(chart, { credentials });
const PROMETHEUS = { url: 'https://prometheus.example.com' };
const adapter = (chart: Chart, props: object) => new MetricsAdapter(chart, 'it', { sources: [MetricSource.prometheus(PROMETHEUS)], ...props });
const DOCUMENTS = MetricSource.http({ name: 'documents', url: 'https://documents' });
const prometheus = (chart: Chart, options: any) => adapter(chart, { sources: [MetricSource.prometheus(options)] });
const OTHER = { name: 'keda', url: 'https://keda.svc' };
const otherAdapter = (chart: Chart, p: any) => adapter(chart, { adapters: [OtherAdapter.at({ ...OTHER, ...p })] });
const podsOrigin = (chart: Chart, p: any) => adapter(chart, {}).addPodsMetric('a', {
  origin: MetricOrigin.pods({ podLabels: { app: 'a' }, port: 80, values: PodValues.series('a'), ...p }),
});
const externalOrigin = (chart: Chart, origin: library.MetricOrigin) => adapter(chart, { sources: [DOCUMENTS] }).addExternalMetric('a', { origin });
const WINDOW = { start: '0 8 * * *', end: '0 18 * * *', value: 1 };
const schedule = (chart: Chart, p: any) => externalOrigin(chart, MetricOrigin.schedule({ windows: [WINDOW], ...p }));
const podsMetric = (chart: Chart, p: object) => adapter(chart, {}).addPodsMetric('a', { query: 'sum by (namespace, pod) (a)', ...p });
const objectMetric = (chart: Chart, p: object) => adapter(chart, {})
  .addObjectMetric('a', { query: 'sum by (namespace, service) (a)', resource: DescribedResource.service(), ...p });
const SERIES = { seriesQuery: 'a', metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>})' };
const rule = (chart: Chart, p: object) => adapter(chart, {}).addDiscoveryRule({ ...SERIES, ...p });
const externalRule = (chart: Chart, p: object) => adapter(chart, {}).addExternalDiscoveryRule({ ...SERIES, ...p });
const USAGE = { containerQuery: 'a', nodeQuery: 'b', containerLabel: 'container' };
const resourceRule = (chart: Chart, p: object) => adapter(chart, { resourceRules: { cpu: { ...USAGE, ...p }, memory: USAGE } });
const externalMetric = (chart: Chart, p: object) => adapter(chart, {}).addExternalMetric('a', { query: 'a', ...p });
const nanny = (chart: Chart, props: object) => new NannySidecar(chart, 'it', { deployment: new MetricsServer(chart, 'ms'), ...props });

const certificate = (servingCertificate: library.ServingCertificate) => ({ servingCertificate });
const FILES = { certificate: '/certificates/tls.crt', privateKey: '/certificates/tls.key' };

const nodeAffinity = (chart: Chart, properties: object) => metricsServer(chart, { affinity: { nodeAffinity: properties } });
const podAntiAffinity = (chart: Chart, properties: object) => metricsServer(chart, { affinity: { podAntiAffinity: properties } });
const spread = (chart: Chart, constraint: object) => metricsServer(chart, {
  topologySpreadConstraints: [{ topologyKey: 'a', whenUnsatisfiable: UnsatisfiableConstraintAction.DO_NOT_SCHEDULE, ...constraint }],
});

/** How properties of each struct get to a construct. */
const STRUCTS: Record<string, (chart: Chart, properties: any) => unknown> = {
  Affinity: (chart, affinity) => metricsServer(chart, { affinity }),
  AggregatedApiServiceOptions: api,
  AggregatedApiServiceProps: api,
  AlertRules: (chart, alertRules) => metricsServer(chart, { alertRules }),
  ApiGroupVersion: (chart, p) => api(chart, { groupVersions: [{ ...GROUP_VERSION, ...p }] }),
  AuthDelegatorBindingsProps: (chart, p) => new AuthDelegatorBindings(chart, 'it', { serviceAccount: { name: 'a' }, namespace: 'wardle', ...p }),
  AvailabilityOptions: server,
  Capabilities: (chart, capabilities) => metricsServer(chart, { containerSecurityContext: { capabilities } }),
  CertManagerOptions: (chart, p) => metricsServer(chart, certificate(ServingCertificate.certManager(p))),
  ContainerResources: (chart, resources) => metricsServer(chart, { resources }),
  ContainerSecurityContext: (chart, containerSecurityContext) => metricsServer(chart, { containerSecurityContext }),
  CustomImageOptions: (chart, p) => metricsServer(chart, { image: Image.custom('a:b', p) }),
  Dashboard: (chart, dashboard) => metricsServer(chart, { dashboard }),
  DisruptionBudget: (chart, disruptionBudget) => metricsServer(chart, { disruptionBudget }),
  DnsConfig: (chart, dnsConfig) => metricsServer(chart, { dnsConfig }),
  DiscoveryRule: rule,
  DnsOption: (chart, p) => metricsServer(chart, { dnsConfig: { options: [{ name: 'ndots', ...p }] } }),
  EmptyDirOptions: (chart, p) => metricsServer(chart, { tmpVolume: Volume.emptyDir('tmp', p) }),
  ExtensionApiServerOptions: server,
  ExtensionApiServerProps: server,
  ExternalDiscoveryRule: externalRule,
  ExternalMetricOptions: externalMetric,
  ExternalMetricTarget: (chart, target) => externalMetric(chart, {}).externalMetricSpec(target),
  FileCertificateOptions: (chart, p) => metricsServer(chart, certificate(ServingCertificate.fromFiles({ ...FILES, ...p }))),
  FilesVolumeOptions: (chart, p) => metricsServer(chart, { extraVolumes: [Volume.configMap('a', { name: 'a' }, p)] }),
  HttpOriginOptions: (chart, p) => externalOrigin(chart, MetricOrigin.http(DOCUMENTS, { path: '/', value: '{.a}', ...p })),
  HttpSourceOptions: (chart, p) => adapter(chart, { sources: [MetricSource.http({ name: 'a', url: 'https://a', ...p })] }),
  IConfigMapRef: (chart, p) => metricsServer(chart, kubeletCa(p)),
  ISecretRef: (chart, p) => metricsServer(chart, kubeconfig(p)),
  IServiceAccountRef: (chart, serviceAccount) => metricsServer(chart, { serviceAccount }),
  IServiceRef: (chart, service) => api(chart, { service, name: undefined, selector: undefined }),
  JsonValues: (chart, p) => podsOrigin(chart, { values: PodValues.json({ value: '{.a}', ...p }) }),
  KubeletClientCertificateOptions: (chart, p) => metricsServer(chart, { kubeletAccess: KubeletAccess.clientCertificate({ name: 'a' }, p) }),
  KubeletServingApproverProps: (chart, p) => new KubeletServingApprover(chart, 'it', p),
  LabelSelector: (chart, labelSelector) => spread(chart, { labelSelector }),
  LabelSelectorRequirement: (chart, p) => spread(chart, {
    labelSelector: { matchExpressions: [{ key: 'a', operator: LabelSelectorOperator.IN, values: ['b'], ...p }] },
  }),
  MetricOptions: podsMetric,
  MetricSourceOptions: (chart, p) => prometheus(chart, { ...PROMETHEUS, ...p }),
  MetricsAdapterProps: adapter,
  MetricsServerProps: metricsServer,
  MonitorOptions: monitored,
  MonitoringOptions: metricsServer,
  NannyEstimate: (chart, p) => nanny(chart, { cpu: { ...ESTIMATE, ...p }, memory: { base: '1Mi', perNode: '1Mi' } }),
  NannyOptions: nanny,
  NannySidecarProps: nanny,
  NetworkPolicyEgress: (chart, p) => metricsServer(chart, { networkPolicy: { egress: [{ cidrs: ['10.0.0.0/8'], ports: [443], ...p }] } }),
  NetworkPolicyOptions: (chart, networkPolicy) => metricsServer(chart, { networkPolicy }),
  NodeAffinity: nodeAffinity,
  NodeSelector: (chart, p) => nodeAffinity(chart, { [REQUIRED]: p }),
  NodeSelectorRequirement: (chart, p) => nodeAffinity(chart, {
    [REQUIRED]: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: NodeSelectorOperator.IN, values: ['b'], ...p }] }] },
  }),
  NodeSelectorTerm: (chart, p) => nodeAffinity(chart, { [REQUIRED]: { nodeSelectorTerms: [{ ...NODE_TERM, ...p }] } }),
  ObjectMetricOptions: objectMetric,
  ObjectMetricTarget: (chart, p) => objectMetric(chart, {}).objectMetricSpec({ name: 'a', value: '1', ...p }),
  ObjectOptions: server,
  ObjectsOriginOptions: (chart, p) => externalOrigin(chart, MetricOrigin.objects({ resource: DescribedResource.service(), value: '{.a}', ...p })),
  OtherAdapterOptions: otherAdapter,
  PodAffinity: (chart, podAffinity) => metricsServer(chart, { affinity: { podAffinity } }),
  PodAffinityTerm: (chart, p) => podAntiAffinity(chart, { [REQUIRED]: [{ ...POD_TERM, ...p }] }),
  PodAntiAffinity: podAntiAffinity,
  PodOptions: server,
  PodSecurityContext: (chart, podSecurityContext) => metricsServer(chart, { podSecurityContext }),
  PodsMetricOptions: podsMetric,
  PodsMetricTarget: (chart, target) => podsMetric(chart, {}).podsMetricSpec(target),
  PodsOriginOptions: podsOrigin,
  PolicyRule: (chart, p) => server(chart, { clusterRules: [{ ...RULE, ...p }] }),
  PreferredSchedulingTerm: (chart, p) => nodeAffinity(chart, { [PREFERRED]: [{ preference: NODE_TERM, weight: 1, ...p }] }),
  PrometheusSourceOptions: (chart, p) => prometheus(chart, { ...PROMETHEUS, ...p }),
  ProbeOptions: (chart, livenessProbe) => metricsServer(chart, { livenessProbe }),
  RelabelConfig: (chart, p) => monitored(chart, { relabelings: [{ targetLabel: 'a', ...p }] }),
  ResourceAssociation: rule,
  ResourceQuantities: (chart, requests) => metricsServer(chart, { resources: { requests } }),
  ResourceRule: resourceRule,
  ResourceRules: (chart, p) => adapter(chart, { resourceRules: { cpu: USAGE, memory: USAGE, ...p } }),
  RollingUpdateOptions: (chart, p) => metricsServer(chart, { updateStrategy: UpdateStrategy.rollingUpdate(p) }),
  RulesOptions: (chart, p) => Rules.enforce(new Construct(chart, 'it'), p),
  SchedulingOptions: server,
  SecretCertificateOptions: (chart, p) => metricsServer(chart, certificate(ServingCertificate.fromSecret({ name: 'a' }, p))),
  ScrapeCertificateOptions: (chart, p) => scraping(chart, ScrapeCredentials.clientCertificate({ name: 'a' }, { reader: READER, ...p })),
  ScrapeTokenOptions: (chart, p) => scraping(chart, ScrapeCredentials.bearerToken({ name: 'a' }, { reader: READER, ...p })),
  SeLinuxOptions: (chart, seLinuxOptions) => metricsServer(chart, { containerSecurityContext: { seLinuxOptions } }),
  ServicePort: (chart, servicePort) => api(chart, { servicePort }),
  ScheduleOriginOptions: schedule,
  ScheduleWindow: (chart, p) => schedule(chart, { windows: [{ ...WINDOW, ...p }] }),
  SourceAccessOptions: otherAdapter,
  Sysctl: (chart, p) => metricsServer(chart, { podSecurityContext: { sysctls: [{ name: 'kernel.shm_rmid_forced', value: '1', ...p }] } }),
  Toleration: (chart, p) => metricsServer(chart, { tolerations: [p] }),
  TopologySpreadConstraint: spread,
  VolumeMount: (chart, p) => metricsServer(chart, { extraVolumeMounts: [{ name: 'tmp-dir', mountPath: '/a', ...p }] }),
  VolumeMountOptions: (chart, p) => new MetricsServer(chart, 'it').addVolume(Volume.emptyDir('a'), { mountPath: '/a', ...p }),
  WeightedPodAffinityTerm: (chart, p) => podAntiAffinity(chart, { [PREFERRED]: [{ podAffinityTerm: POD_TERM, weight: 1, ...p }] }),
};

/** Structs that only come out. */
const RESULTS = ['RuleFinding'];

/** How what each static method makes gets to a construct. */
const FACTORIES: Record<string, (chart: Chart, made: any) => unknown> = {
  ConfigMapRef: (chart, made) => metricsServer(chart, kubeletCa(made)),
  DescribedResource: (chart, resource) => objectMetric(chart, { query: 'a', resource }),
  EnvValue: (chart, value) => metricsServer(chart, { env: { A: value } }),
  GitOps: (chart, gitOps) => metricsServer(chart, { gitOps }),
  Image: (chart, image) => metricsServer(chart, { image }),
  IssuerRef: (chart, issuer) => metricsServer(chart, certificate(ServingCertificate.certManager({ issuer }))),
  KubeletAccess: (chart, kubeletAccess) => metricsServer(chart, { kubeletAccess }),
  NannyConfiguration: (chart, configuration) => nanny(chart, { configuration }),
  MetricsReader: (chart, reader) => scraping(chart, ScrapeCredentials.bearerToken({ name: 'a' }, { reader })),
  MetricOrigin: externalOrigin,
  PodValues: (chart, values) => podsOrigin(chart, { values }),
  MetricSource: (chart, made) => adapter(chart, { sources: [made] }),
  Monitoring: (chart, monitoring) => metricsServer(chart, { monitoring }),
  NannyEstimator: (chart, estimator) => nanny(chart, { estimator }),
  NodeAddressType: (chart, type) => metricsServer(chart, { kubeletPreferredAddressTypes: [type] }),
  OtherAdapter: (chart, made) => adapter(chart, { adapters: [made] }),
  PercentOrAbsolute: (chart, maxSurge) => metricsServer(chart, { updateStrategy: UpdateStrategy.rollingUpdate({ maxSurge }) }),
  ScrapeCredentials: scraping,
  SecretRef: (chart, made) => metricsServer(chart, kubeconfig(made)),
  SecurityProfile: (chart, seccompProfile) => metricsServer(chart, { containerSecurityContext: { seccompProfile } }),
  SeriesFilter: (chart, filter) => rule(chart, { seriesFilters: [filter] }),
  ServiceAccountRef: (chart, serviceAccount) => metricsServer(chart, { serviceAccount }),
  ServiceRef: (chart, service) => api(chart, { service, name: undefined, selector: undefined }),
  ServingCa: (chart, servingCa) => monitored(chart, { servingCa }),
  ServingCertificate: (chart, servingCertificate) => metricsServer(chart, { servingCertificate }),
  Sizing: (chart, sizing) => metricsServer(chart, { sizing }),
  SourceCa: (chart, certificateAuthority) => prometheus(chart, { ...PROMETHEUS, certificateAuthority }),
  SourceCredentials: (chart, credentials) => prometheus(chart, { ...PROMETHEUS, credentials }),
  UpdateStrategy: (chart, updateStrategy) => metricsServer(chart, { updateStrategy }),
  Volume: (chart, volume) => metricsServer(chart, { extraVolumes: [volume] }),
};

const HOLDS_ITSELF: Record<string, unknown> = {};
HOLDS_ITSELF.itself = HOLDS_ITSELF;

/** What no property can hold, whatever its kind. */
const NEVER_RIGHT: [string, unknown][] = [
  ['null', null], ['a function', () => 1], ['a list of null', [null]], ['a list with a hole', new Array(1)], ['NaN', NaN], ['a BigInt', 1n], ['a Map', new Map([['a', 'b']])],
  ['a Symbol', Symbol('a')], ['an object without prototype', Object.assign(Object.create(null), { '#': null })], ['an object that holds itself', HOLDS_ITSELF],
];

const sources = fs.readFileSync(path.join(__dirname, '../src/index.ts'), 'utf8').match(/(?<=export \* from '\.\/)[^']+/g)!
  .map((name) => path.join(__dirname, '../src', `${name}.ts`))
  .map((file) => ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
const declarations = sources.flatMap((source) => [...source.statements]);
const structs = declarations.filter(ts.isInterfaceDeclaration).filter((struct) =>
  struct.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) && !RESULTS.includes(struct.name.text));

/** Names of a struct's properties and of those that it inherits. */
function propertiesOf(struct: ts.InterfaceDeclaration): string[] {
  const bases = struct.heritageClauses?.flatMap(({ types }) => types.map(({ expression }) => expression.getText())) ?? [];
  const own = struct.members.map((member) => member.name!.getText()).filter((name) => !name.startsWith('_'));
  return [...own, ...structs.filter(({ name }) => bases.includes(name.text)).flatMap(propertiesOf)];
}

describe('no property takes what is never right', () => {
  const properties = structs.flatMap((struct) => propertiesOf(struct).map((property) => [struct.name.text, property]));

  test('in any struct there is', () => {
    expect([...new Set(properties.map(([struct]) => struct))].sort()).toEqual(Object.keys(STRUCTS).sort());
  });

  test.each(properties)('%s.%s', (struct, property) => {
    for (const [name, value] of NEVER_RIGHT) {
      expect([name, messageOf((chart) => STRUCTS[struct](chart, { [property]: value }))]).toEqual([name, MISTAKE]);
    }
  });
});

describe('no static method\'s parameter takes what is never right, or is missing', () => {
  const parameters = declarations.filter(ts.isClassDeclaration).flatMap((type) => type.members
    .filter((member): member is ts.MethodDeclaration => ts.isMethodDeclaration(member) && member.type?.getText() === type.name!.text)
    .filter(({ name, modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) && !name.getText().startsWith('_'))
    .flatMap((method) => method.parameters.map((parameter, i) => ({
      type: type.name!.text, method: method.name.getText(), i, required: !parameter.initializer && !parameter.questionToken,
    }))));

  test.each(parameters)('$type: $method, parameter $i', ({ type, method, i, required }) => {
    const make = (value: unknown) => {
      const args = Object.assign([...VALID_ARGUMENTS[`${type}.${method}`] ?? []], { [i]: value });
      return messageOf((chart) => FACTORIES[type](chart, (library as any)[type][method](...args)));
    };
    for (const [name, value] of NEVER_RIGHT) expect([name, make(value)]).toEqual([name, MISTAKE]);
    if (required) expect(make(undefined)).toEqual(MISTAKE);
  });
});

test('no metric is narrowed by what is never right', () => {
  for (const declare of [podsMetric, objectMetric, externalMetric]) {
    for (const [name, value] of NEVER_RIGHT) {
      expect([name, messageOf((chart) => declare(chart, { query: 'a' }).matching(value as any))]).toEqual([name, MISTAKE]);
      expect([name, messageOf((chart) => declare(chart, { query: 'a' }).matching({ a: value } as any))]).toEqual([name, MISTAKE]);
    }
  }
});

test('no metric has a name, and nobody reads metrics, who is never right', () => {
  for (const [name, value] of NEVER_RIGHT) {
    expect([name, messageOf((chart) => adapter(chart, {}).addExternalMetric(value as any, { query: 'a' }))]).toEqual([name, MISTAKE]);
    expect([name, messageOf((chart) => adapter(chart, {}).addExternalMetric('a', value as any))]).toEqual([name, MISTAKE]);
    expect([name, messageOf((chart) => adapter(chart, {}).addDiscoveryRule(value as any))]).toEqual([name, MISTAKE]);
    expect([name, messageOf((chart) => adapter(chart, {}).addExternalDiscoveryRule(value as any))]).toEqual([name, MISTAKE]);
    expect([name, messageOf((chart) => adapter(chart, {}).grantRead(value as any))]).toEqual([name, MISTAKE]);
    expect([name, messageOf((chart) => adapter(chart, {}).grantExplain(value as any))]).toEqual([name, MISTAKE]);
    expect([name, messageOf((chart) => metricsServer(chart, {}).grantDebugNodes(value as any))]).toEqual([name, MISTAKE]);
  }
});

describe('props that are none', () => {
  test.each<[string, (chart: Chart, props: any) => unknown]>([
    ['AggregatedApiService', (chart, props) => new AggregatedApiService(chart, 'it', props)],
    ['AuthDelegatorBindings', (chart, props) => new AuthDelegatorBindings(chart, 'it', props)],
    ['ExtensionApiServer', (chart, props) => new ExtensionApiServer(chart, 'it', props)],
    ['MetricsAdapter', (chart, props) => new MetricsAdapter(chart, 'it', props)],
    ['NannySidecar', (chart, props) => new NannySidecar(chart, 'it', props)],
  ])('%s', (_, construct) => {
    for (const props of [undefined, null, 'text', []]) expect(messageOf((chart) => construct(chart, props))).toEqual(MISTAKE);
  });

  test('KubeletServingApprover, which needs none', () => {
    const approver = (chart: Chart, props?: any) => new KubeletServingApprover(chart, 'it', props);
    for (const props of [null, 'text', []]) expect(messageOf((chart) => approver(chart, props))).toEqual(MISTAKE);
    expect(messageOf(approver)).toBe('');
  });

  test('MetricsServer, which needs none', () => {
    for (const props of [null, 'text', []]) expect(messageOf((chart) => metricsServer(chart, props as any))).toEqual(MISTAKE);
    expect(messageOf((chart) => new MetricsServer(chart, 'it'))).toBe('');
  });
});

/** The other arguments of static methods that take several. */
const VALID_ARGUMENTS: Record<string, unknown[]> = {
  'DescribedResource.of': ['v1', 'Kind', 'kinds'],
  'Image.custom': ['a:b'],
  'IssuerRef.external': ['it', 'Kind', 'example.com'],
  'KubeletAccess.certificateAuthority': [{ name: 'a' }],
  'KubeletAccess.clientCertificate': [{ name: 'a' }],
  'KubeletAccess.kubeconfig': [{ name: 'a' }],
  'ServingCertificate.fromSecret': [{ name: 'a' }],
  'MetricsReader.serviceAccount': ['a'],
  'ScrapeCredentials.bearerToken': [{ name: 'a' }],
  'ScrapeCredentials.clientCertificate': [{ name: 'a' }],
  'ScrapeCredentials.prometheusServiceAccount': ['a'],
  'ServingCa.configMap': [{ name: 'a' }],
  'ServingCa.secret': [{ name: 'a' }],
  'Sizing.forNodes': [100],
  'SourceCa.configMap': [{ name: 'a' }],
  'SourceCa.secret': [{ name: 'a' }],
  'SourceCredentials.basicAuth': ['a', { name: 'a' }],
  'SourceCredentials.bearerToken': [{ name: 'a' }],
  'MetricOrigin.http': [DOCUMENTS, { path: '/', value: '{.a}' }],
  'PodValues.series': ['a'],
  'Volume.configMap': ['a', { name: 'a' }],
  'Volume.emptyDir': ['a'],
  'Volume.fromSource': ['a'],
  'Volume.hostPath': ['a', '/a'],
  'Volume.persistentVolumeClaim': ['a', 'a'],
  'Volume.secret': ['a', { name: 'a' }],
};

/** One line, with path, given, allowed and mend; no TypeError, no stack. */
const MISTAKE = expect.stringMatching(/^\[test\/it[^\]]*\] .+: given .+; allowed: .+; to mend it, .+$/);

function messageOf(synthesize: (chart: Chart) => unknown): string {
  const chart = testChart();
  try {
    synthesize(chart);
    chart.toJson();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
