import { App, Chart, Testing } from 'cdk8s';
import {
  ExtensionApiServer, Image, KubeletAccess, KubeletServingApprover, MetricsAdapter, MetricsAdapterProps, MetricSource, MetricsServer,
  MetricsServerProps, Platform, Rules, ServingCertificate,
} from '../../src';
import { judge } from '../../src/rules/_judge';
import { argsOf, objectOf, testChart } from '../synthesize';
import { WARDLE } from '../wardle';

const ANNOTATION = 'cdk8s-metrics-server.dev/platform';
const insecure = ServingCertificate.insecureSkipTlsVerify();

/** Where nothing else is said, the APIServices are left to whoever has them. */
function synthesize(props: MetricsServerProps) {
  const chart = testChart();
  const metricsServer = new MetricsServer(chart, 'ms', { apiServices: false, ...props });
  return { chart, metricsServer };
}

function rulesBroken(props: MetricsServerProps): string[] {
  return Rules.findings(synthesize(props).metricsServer).map(({ ruleId }) => ruleId).filter((id) => id !== 'single-replica');
}

describe('Platform', () => {
  test.each([
    Platform.aks(), Platform.eks(), Platform.fargate(), Platform.gke(), Platform.k3s(), Platform.kind(), Platform.kubeadm(), Platform.openshift(),
  ])('$name stands on the Deployment, and kubelets are verified', (platform) => {
    const { chart } = synthesize({ platform });

    expect(objectOf(chart, 'Deployment').metadata.annotations).toEqual({ [ANNOTATION]: platform.name });
    expect(argsOf(chart).filter((arg) => /insecure/.test(arg))).toEqual([]);
  });

  test.each([Platform.aks(), Platform.eks(), Platform.k3s(), Platform.kind(), Platform.kubeadm()])('$name changes nothing else', (platform) => {
    const { metadata: { annotations: _, ...metadata }, ...rest } = objectOf(synthesize({ platform }).chart, 'Deployment');

    expect({ metadata, ...rest }).toEqual(objectOf(synthesize({}).chart, 'Deployment'));
  });

  test('fargate serves beside the kubelet that each pod has', () => {
    const { chart } = synthesize({ platform: Platform.fargate() });

    expect(argsOf(chart)).toContain('--secure-port=10251');
    expect(objectOf(chart, 'Deployment').spec.template.spec.containers[0].ports[0].containerPort).toBe(10251);
    expect(rulesBroken({ platform: Platform.fargate() })).toEqual([]);
  });

  test('gke serves where its firewall lets the control plane through, with any image', () => {
    const image = Image.upstream('v0.6.4');

    expect(argsOf(synthesize({ image, servingCertificate: insecure }).chart)).toContain('--secure-port=4443');
    expect(argsOf(synthesize({ image, servingCertificate: insecure, platform: Platform.gke() }).chart)).toContain('--secure-port=10250');
  });

  test('openshift verifies kubelets with the CA of their own', () => {
    const { chart } = synthesize({ platform: Platform.openshift() });

    expect(argsOf(chart)).toContain('--kubelet-certificate-authority=/kubelet-ca/ca-bundle.crt');
    expect(objectOf(chart, 'Deployment').spec.template.spec.volumes).toContainEqual({ name: 'kubelet-ca', configMap: { name: 'kubelet-serving-ca-bundle' } });
  });

  test('gke leaves the node\'s port to the kubelet, and fargate refuses the node\'s network', () => {
    expect(argsOf(synthesize({ platform: Platform.gke(), hostNetwork: true }).chart)).toContain('--secure-port=4443');
    expect(() => synthesize({ platform: Platform.fargate(), hostNetwork: true }).chart.toJson()).toThrow('fargate-host-network');
  });

  test('is overruled by what is given', () => {
    expect(argsOf(synthesize({ platform: Platform.fargate(), securePort: 8443 }).chart)).toContain('--secure-port=8443');
    expect(argsOf(synthesize({ platform: Platform.openshift(), kubeletAccess: KubeletAccess.clusterCa() }).chart).join()).not.toContain('certificate-authority');
  });

  test.each([
    ['kubeadm', Platform.kubeadm(), 'self-signed-kubelets'],
    ['kind', Platform.kind(), 'self-signed-kubelets'],
  ])('%s says what to look after', (_, platform, rule) => {
    expect(rulesBroken({ platform })).toEqual([rule]);
  });

  test.each([Platform.aks(), Platform.gke(), Platform.k3s(), Platform.openshift()])('$name has a metrics server, from which no other takes the APIService unasked', (platform) => {
    const { chart, metricsServer } = synthesize({ platform, apiServices: true });
    expect(() => Testing.synth(chart)).toThrow(/platform-metrics-server \(error\): .+Rules\.acknowledge\(metricsServer, 'platform-metrics-server', reason\).+ apiServices: false/);

    Rules.acknowledge(metricsServer, 'platform-metrics-server', 'the servers are started with --disable metrics-server');
    expect(() => Testing.synth(chart)).not.toThrow();
    expect(() => Testing.synth(synthesize({ platform }).chart)).not.toThrow();
  });

  test('an adapter is for a platform too: beside the kubelet of fargate, and without kubelets that it would ask', () => {
    const metricsAdapter = (platform: Platform, props: Partial<MetricsAdapterProps> = {}) => {
      const chart = testChart();
      new MetricsAdapter(chart, 'metrics', { platform, customMetrics: true, ...props });
      return chart;
    };
    expect(argsOf(metricsAdapter(Platform.fargate()))).toContain('--secure-port=10251');
    expect(objectOf(metricsAdapter(Platform.gke()), 'Deployment').metadata.annotations).toEqual({ [ANNOTATION]: 'gke' });
    expect(() => metricsAdapter(Platform.fargate(), { securePort: 10250 }).toJson()).toThrow('fargate-kubelet-port');
    const usage = { containerQuery: 'a', nodeQuery: 'b', containerLabel: 'container' };
    const resources = { sources: [MetricSource.prometheus({ url: 'http://prometheus' })], resourceRules: { cpu: usage, memory: usage } };
    expect(Rules.findings(metricsAdapter(Platform.kubeadm(), resources)).map(({ ruleId }) => ruleId)).toEqual(['single-replica']);
    expect(() => metricsAdapter(Platform.gke(), resources).toJson()).toThrow('platform-metrics-server');
  });

  test('so is a server of one\'s own', () => {
    const chart = testChart();
    new ExtensionApiServer(chart, 'wardle', { ...WARDLE, platform: Platform.fargate() });

    expect(argsOf(chart)).toContain('--secure-port=10251');
  });

  test('kubeadm says nothing where kubelets are verified with the CA that signed them, or where that is acknowledged', () => {
    const kubeletAccess = KubeletAccess.certificateAuthority({ name: 'kubelet-ca' });
    expect(rulesBroken({ platform: Platform.kubeadm(), kubeletAccess })).toEqual([]);

    const { metricsServer } = synthesize({ platform: Platform.kubeadm() });
    Rules.acknowledge(metricsServer, 'self-signed-kubelets', 'serverTLSBootstrap is on, and an approver runs');
    expect(Rules.findings(metricsServer).map(({ ruleId }) => ruleId)).toEqual(['single-replica']);
  });

  test('kubeadm says nothing beside a KubeletServingApprover, whichever chart it is in', () => {
    const { chart, metricsServer } = synthesize({ platform: Platform.kubeadm() });
    new KubeletServingApprover(new Chart(App.of(chart), 'approver'), 'approver', { namespace: 'kubelets' });
    expect(Rules.findings(metricsServer).map(({ ruleId }) => ruleId)).toEqual(['single-replica']);
  });

  test('nor beside an approver of others, but beside a role that nobody has', () => {
    const { chart } = synthesize({ platform: Platform.kubeadm() });
    const metadata = { name: 'csr-approver' };
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata,
      rules: [{ apiGroups: ['certificates.k8s.io'], resources: ['signers'], resourceNames: ['kubernetes.io/kubelet-serving'], verbs: ['approve'] }],
    };
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { kind: 'ClusterRole', ...metadata },
      subjects: [{ kind: 'ServiceAccount', name: 'csr-approver', namespace: 'kube-system' }],
    };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, namespace: 'kube-system' },
      spec: { template: { spec: { serviceAccountName: 'csr-approver', containers: [{ name: 'csr-approver', image: 'csr-approver:1' }] } } },
    };
    const isAsked = (...more: object[]) => judge([...chart.toJson(), ...more]).some(({ rule }) => rule.id === 'self-signed-kubelets');
    expect([isAsked(), isAsked(role, deployment), isAsked(role, binding, deployment)]).toEqual([true, true, false]);
  });

  test('fargate fails the synth on the kubelet\'s port', () => {
    expect(() => synthesize({ platform: Platform.fargate(), securePort: 10250 }).chart.toJson()).toThrow('fargate-kubelet-port');
  });
});
