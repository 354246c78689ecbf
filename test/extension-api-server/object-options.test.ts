import { ApiObject, Chart } from 'cdk8s';
import {
  ExtensionApiServer, ExtensionApiServerProps, GitOps, Image, KubeletAccess, MetricsServer, MetricsServerProps, RuleLevel, Rules, SecretRef,
  ServiceAccountRef, ServiceType, ServingCertificate,
} from '../../src';
import { objectOf, testChart } from '../synthesize';
import { WARDLE } from '../wardle';

const chartWith = (props: MetricsServerProps) => {
  const chart = testChart();
  new MetricsServer(chart, 'ms', props);
  return chart;
};

describe('the Service', () => {
  test('has the type, the labels and the annotations that it is given, beside the server\'s labels', () => {
    const { metadata, spec } = objectOf(chartWith({
      serviceType: ServiceType.NODE_PORT, serviceLabels: { 'kubernetes.io/cluster-service': 'true' }, serviceAnnotations: { 'example.com/a': 'any text' },
    }), 'Service');

    expect(spec.type).toBe('NodePort');
    expect(metadata.labels).toEqual({ 'k8s-app': 'metrics-server', 'kubernetes.io/cluster-service': 'true' });
    expect(metadata.annotations).toEqual({ 'example.com/a': 'any text' });
  });

  test.each([
    ['with a named port', Image.upstream('v0.9.0'), 'https'],
    ['with a number, as metrics-server v0.3 has it', Image.upstream('v0.3.6'), 443],
  ])('has the port that it is given, and the APIService follows, %s', (_, image, targetPort) => {
    const chart = chartWith({ image, servingCertificate: ServingCertificate.insecureSkipTlsVerify(), servicePort: 8443 });

    expect(objectOf(chart, 'Service').spec.ports).toMatchObject([{ port: 8443, targetPort }]);
    expect(objectOf(chart, 'APIService').spec.service).toEqual({ name: 'metrics-server', namespace: 'kube-system', port: 8443 });
  });

  test('is headless when asked, which no other type can be', () => {
    expect(objectOf(chartWith({ headlessService: true }), 'Service').spec.clusterIP).toBe('None');
    expect(() => chartWith({ headlessService: true, serviceType: ServiceType.LOAD_BALANCER })).toThrow(
      'headlessService: given \'true beside serviceType LoadBalancer\'; allowed: only with ServiceType.CLUSTER_IP');
  });
});

describe('the Deployment', () => {
  test('has annotations of its own, which its pods do not get', () => {
    const { metadata, spec } = objectOf(chartWith({ deploymentAnnotations: { 'example.com/a': 'b' } }), 'Deployment');

    expect(metadata.annotations).toEqual({ 'example.com/a': 'b' });
    expect(spec.template.metadata.annotations).toBeUndefined();
  });

  test('keeps as many old ReplicaSets as asked, also none', () => {
    expect(objectOf(chartWith({ revisionHistoryLimit: 0 }), 'Deployment').spec.revisionHistoryLimit).toBe(0);
  });
});

describe('the ServiceAccount', () => {
  test('has the name, annotations and mountable Secrets that it is given, and is the one the pods run as and that is given rights', () => {
    const chart = chartWith({
      createdServiceAccountName: 'metrics', serviceAccountAnnotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/a' }, serviceAccountSecrets: [SecretRef.fromName('s')],
    });
    const { metadata, secrets } = objectOf(chart, 'ServiceAccount');
    const subjects = chart.toJson().flatMap((object) => object.subjects ?? []);

    expect(metadata).toMatchObject({ name: 'metrics', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/a' } });
    expect(secrets).toEqual([{ name: 's' }]);
    expect(objectOf(chart, 'Deployment').spec.template.spec.serviceAccountName).toBe('metrics');
    expect(new Set(subjects.map(({ name }: { name: string }) => name))).toEqual(new Set(['metrics']));
  });

  test.each<[string, MetricsServerProps]>([
    ['createdServiceAccountName', { createdServiceAccountName: 'a' }],
    ['serviceAccountAnnotations', { serviceAccountAnnotations: { a: 'b' } }],
    ['serviceAccountSecrets', { serviceAccountSecrets: [] }],
  ])('%s is refused for one that someone else made', (property, props) => {
    expect(() => chartWith({ ...props, serviceAccount: ServiceAccountRef.fromName('theirs') })).toThrow(
      new RegExp(`\\[test/ms\\] ${property}: given .*; allowed: none beside serviceAccount, which exists already; to mend it, remove ${property}`));
  });

  test('a Secret of another namespace is refused', () => {
    const chart = testChart();
    const secret = new ApiObject(chart, 's', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'elsewhere' } });

    expect(() => new MetricsServer(chart, 'ms', { serviceAccountSecrets: [secret] })).toThrow('serviceAccountSecrets[0]: given \'test/s in namespace elsewhere\'');
  });
});

describe('with rbac: false', () => {
  const RBAC = /^(Cluster)?Role(Binding)?$/;

  test.each([
    ['a self-managed certificate', { servingCertificate: ServingCertificate.selfManaged() }],
    ['an insecure one', { servingCertificate: ServingCertificate.insecureSkipTlsVerify() }],
    ['the rights of kubelets\' administrator asked for', { kubeletAccess: KubeletAccess.clusterCa().bindKubeletApiAdmin() }],
  ])('no role and no binding is synthesized, with %s and a nanny', (_, props) => {
    const chart = testChart();
    const { server, aggregatedMetricsReader } = new MetricsServer(chart, 'ms', { ...props, rbac: false });
    const nanny = server.addNanny();
    const { authDelegatorBindings, clusterRole, clusterRoleBinding, servingCertificateRole, servingCertificateRoleBinding } = server;

    expect(kinds(chart).filter((kind) => RBAC.test(kind))).toEqual([]);
    expect({
      aggregatedMetricsReader, authDelegatorBindings, clusterRole, clusterRoleBinding, servingCertificateRole, servingCertificateRoleBinding,
    }).toEqual({});
    expect([nanny.role, nanny.roleBinding, nanny.clusterRole, nanny.clusterRoleBinding]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('what asks for something says so and gets it: the bindings for delegated authentication, the nanny\'s roles', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { rbac: false, authBindings: true }).server.addNanny({ rbac: true });

    expect(chart.toJson().filter(({ kind }) => RBAC.test(kind)).map(({ metadata }) => metadata.name).sort()).toEqual([
      'metrics-server-auth-reader', 'metrics-server-nanny', 'metrics-server-nanny', 'metrics-server:system:auth-delegator', 'system:metrics-server-nanny',
      'system:metrics-server-nanny',
    ]);
  });
});

test('with authBindings: false, the server\'s own rights are still granted', () => {
  const chart = testChart();
  const { server } = new MetricsServer(chart, 'ms', { authBindings: false });

  expect(server.authDelegatorBindings).toBeUndefined();
  expect(server.clusterRoleBinding?.name).toBe('system:metrics-server');
  expect(kinds(chart).filter((kind) => kind === 'RoleBinding')).toHaveLength(1);
});

describe('with apiServices: false', () => {
  test('there is a Service and no APIService, whoever registers it', () => {
    const chart = testChart();
    const { server } = new MetricsServer(chart, 'ms', { apiServices: false });

    expect(kinds(chart)).toContain('Service');
    expect(kinds(chart)).not.toContain('APIService');
    expect(server.aggregatedApiService.apiServices).toEqual([]);
  });

  test('annotations for them are refused', () => {
    expect(() => chartWith({ apiServices: false, apiServiceAnnotations: { a: 'b' } })).toThrow('apiServiceAnnotations: given {"a":"b"}; allowed: none where apiServices is false');
  });
});

test('an APIService that someone else registers gets nothing from the serving certificate either', () => {
  expect(kinds(chartWith({ apiServices: false, servingCertificate: ServingCertificate.certManager() }))).not.toContain('APIService');
});

test('annotations of an APIService stand beside those for cert-manager', () => {
  const apiService = objectOf(chartWith({ servingCertificate: ServingCertificate.certManager(), apiServiceAnnotations: { a: 'b' } }), 'APIService', 'v1.metrics.k8s.io');

  expect(apiService.metadata.annotations).toMatchObject({ 'a': 'b', 'cert-manager.io/inject-ca-from': expect.any(String) });
});

test('what others make is no mistake: every switch at once synthesizes, without an error of the rules', () => {
  const chart = chartWith({ rbac: false, apiServices: false, serviceAccount: ServiceAccountRef.fromName('theirs') });

  expect(kinds(chart)).toEqual(['Secret', 'Service', 'Deployment']);
  expect(Rules.findings(chart).filter(({ level }) => level !== RuleLevel.WARNING)).toEqual([]);
});

test('an APIService\'s annotations stand beside those of its sync wave, and win over them', () => {
  const annotations = (apiServiceAnnotations: Record<string, string>) =>
    objectOf(chartWith({ gitOps: GitOps.argoCd(), apiServiceAnnotations }), 'APIService', 'v1.metrics.k8s.io').metadata.annotations;

  expect(annotations({ 'example.com/a': 'b' })).toEqual({ 'argocd.argoproj.io/sync-wave': '1', 'example.com/a': 'b' });
  expect(annotations({ 'argocd.argoproj.io/sync-wave': '5' })).toEqual({ 'argocd.argoproj.io/sync-wave': '5' });
});

test.each<[string, ExtensionApiServerProps['deploymentAnnotations'], string]>([
  ['a key with spaces', { 'a b': 'c' }, 'allowed: as a key, an optional DNS subdomain and /'],
  ['a value that is no text', { a: true as any }, 'deploymentAnnotations[\'a\']: given true; allowed: text'],
  ['more than an object may hold', { a: 'x'.repeat(262_144) }, 'deploymentAnnotations: given \'262145 bytes\'; allowed: 262144 bytes'],
])('of annotations, %s is refused', (_, deploymentAnnotations, message) => {
  expect(() => chartWith({ deploymentAnnotations })).toThrow(message);
});

test('an ExtensionApiServer takes the same', () => {
  const chart = testChart();
  new ExtensionApiServer(chart, 'wardle', {
    ...WARDLE,
    servicePort: 9997,
    headlessService: true,
    rbac: false,
    highAvailability: true,
  });

  expect(kinds(chart)).toEqual(['ServiceAccount', 'PodDisruptionBudget', 'Service', 'Deployment', 'APIService']);
});

function kinds(chart: Chart): string[] {
  return chart.toJson().map(({ kind }) => kind);
}
