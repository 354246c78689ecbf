import { Chart } from 'cdk8s';
import { NamedDifference } from './compare-manifests';
import { describeGoldenSet, GoldenSet, renamedVolume } from './golden-set';
import { Image, KubeletAccess, MetricsServer, MetricsServerProps, NodeAddressType, SecretRef, ServingCertificate } from '../../src';

const stableApi = (at: string, group: string): NamedDifference => ({
  at: `${at}.apiVersion`,
  golden: `${group}/v1beta1`,
  ours: `${group}/v1`,
  reason: 'Kubernetes 1.22 removed v1beta1; v1 is the same object',
});

const oldApis = [
  stableApi('APIService v1beta1.metrics.k8s.io', 'apiregistration.k8s.io'),
  stableApi('ClusterRoleBinding metrics-server:system:auth-delegator', 'rbac.authorization.k8s.io'),
  stableApi('RoleBinding kube-system/metrics-server-auth-reader', 'rbac.authorization.k8s.io'),
];

const strategyType: NamedDifference = {
  at: 'Deployment kube-system/metrics-server.spec.strategy.type',
  golden: undefined,
  ours: 'RollingUpdate',
  reason: 'the default, said aloud: without it each `kubectl apply` removes what the API server filled in, and changes the Deployment',
};

const zoneSpread: NamedDifference = {
  at: 'Deployment kube-system/metrics-server.spec.template.spec.topologySpreadConstraints',
  golden: undefined,
  ours: [{
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { 'k8s-app': 'metrics-server' } },
  }],
  reason: 'two nodes may be in one zone: where there is a choice the second pod goes to another; where there is none, nothing changes',
};

const v03Server = 'Deployment kube-system/metrics-server.spec.template.spec.containers.metrics-server';

const insecure = ServingCertificate.insecureSkipTlsVerify();

const GOLDEN_SETS: GoldenSet[] = [
  {
    name: 'components.yaml of v0.9.0',
    golden: ['upstream/metrics-server-v0.9.0/components.yaml'],
    synthesize: metricsServer({ image: Image.upstream('v0.9.0'), servingCertificate: insecure }),
    differences: [strategyType],
  },
  {
    name: 'high-availability-1.21+.yaml of v0.9.0',
    golden: ['upstream/metrics-server-v0.9.0/high-availability-1.21+.yaml'],
    synthesize: metricsServer({ image: Image.upstream('v0.9.0'), servingCertificate: insecure, highAvailability: true }),
    differences: [strategyType, zoneSpread],
  },
  {
    name: 'autoscale.yaml of v0.9.0',
    golden: ['upstream/metrics-server-v0.9.0/autoscale.yaml'],
    synthesize: (chart) => {
      const { server } = new MetricsServer(chart, 'metrics-server', { image: Image.upstream('v0.9.0'), servingCertificate: insecure });
      server.addNanny({ useMetrics: true });
    },
    differences: [strategyType, {
      at: 'Deployment kube-system/metrics-server.spec.template.spec.containers.metrics-server-nanny.image',
      golden: 'registry.k8s.io/autoscaling/addon-resizer:1.8.23',
      ours: 'registry.k8s.io/autoscaling/addon-resizer:1.8.24',
      reason: '1.8.23 counts no nodes by metrics from Kubernetes 1.37 on',
    }],
  },
  {
    name: 'deploy/1.8+ of v0.3.6',
    golden: ['upstream/metrics-server-v0.3.6'],
    synthesize: metricsServer({ image: Image.upstream('v0.3.6'), servingCertificate: insecure }),
    differences: oldApis,
  },
  {
    name: 'deploy/1.8+ of v0.3.6 with a kubeconfig for kubelets of a CA of their own',
    golden: ['upstream/metrics-server-v0.3.6', 'kubeconfig-article'],
    entryPoint: '/metrics-server',
    synthesize: metricsServer({
      image: Image.custom('harbor.hzwod.com/k8s/metrics-server-amd64:v0.3.6', { compatibleWith: Image.upstream('v0.3.6') }),
      servingCertificate: insecure,
      kubeletAccess: KubeletAccess.kubeconfig(SecretRef.fromName('k8snode-kubeconfig-secrets'), 'k8s-node.kubeconfig'),
      kubeletPreferredAddressTypes: [NodeAddressType.INTERNAL_IP],
    }),
    differences: [
      ...oldApis,
      {
        at: `${v03Server}.args.--kubeconfig`,
        golden: 'k8s-node.kubeconfig',
        ours: '/kubeconfig/k8s-node.kubeconfig',
        reason: 'the server would look for it in the root directory, and end: the Secret is mounted elsewhere',
      },
      {
        at: `${v03Server}.args.--cert-dir`,
        golden: '/tmp',
        ours: undefined,
        reason: 'this image may write where it does by itself, for its root is not read-only',
      },
      {
        at: `${v03Server}.volumeMounts./kubeconfig.readOnly`,
        golden: undefined,
        ours: true,
        reason: 'nobody writes to a Secret',
      },
      ...renamedVolume('Deployment kube-system/metrics-server.spec.template.spec', 'k8snode-kubeconfig', 'kubeconfig', {
        secret: { secretName: 'k8snode-kubeconfig-secrets' },
      }, { container: 'metrics-server', mountPath: '/kubeconfig' }),
    ],
  },
];

GOLDEN_SETS.forEach(describeGoldenSet);

function metricsServer(props: MetricsServerProps) {
  return (chart: Chart) => void new MetricsServer(chart, 'metrics-server', props);
}
