import { App, Chart } from 'cdk8s';
import { Manifest, NamedDifference, differences, readManifests } from './compare-manifests';
import { Image, MetricsServer, MetricsServerProps, ServingCertificate } from '../../src';

interface GoldenSet {
  readonly golden: string;
  readonly props: MetricsServerProps;
  readonly nanny?: boolean;
  /** Every difference that is meant. One that no longer occurs fails the test as one that is not listed does. */
  readonly differences: NamedDifference[];
}

const stableApi = (at: string, group: string): NamedDifference => ({
  at: `${at}.apiVersion`,
  golden: `${group}/v1beta1`,
  ours: `${group}/v1`,
  reason: 'Kubernetes 1.22 removed v1beta1; v1 is the same object',
});

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

const insecure = ServingCertificate.insecureSkipTlsVerify();

const GOLDEN_SETS: GoldenSet[] = [
  {
    golden: 'upstream/metrics-server-v0.9.0/components.yaml',
    props: { image: Image.upstream('v0.9.0'), servingCertificate: insecure },
    differences: [strategyType],
  },
  {
    golden: 'upstream/metrics-server-v0.9.0/high-availability-1.21+.yaml',
    props: { image: Image.upstream('v0.9.0'), servingCertificate: insecure, highAvailability: true },
    differences: [strategyType, zoneSpread],
  },
  {
    golden: 'upstream/metrics-server-v0.9.0/autoscale.yaml',
    props: { image: Image.upstream('v0.9.0'), servingCertificate: insecure },
    nanny: true,
    differences: [strategyType, {
      at: 'Deployment kube-system/metrics-server.spec.template.spec.containers.1.image',
      golden: 'registry.k8s.io/autoscaling/addon-resizer:1.8.23',
      ours: 'registry.k8s.io/autoscaling/addon-resizer:1.8.24',
      reason: '1.8.23 counts no nodes by metrics from Kubernetes 1.37 on',
    }],
  },
  {
    golden: 'upstream/metrics-server-v0.3.6',
    props: { image: Image.upstream('v0.3.6'), servingCertificate: insecure },
    differences: [
      stableApi('APIService v1beta1.metrics.k8s.io', 'apiregistration.k8s.io'),
      stableApi('ClusterRoleBinding metrics-server:system:auth-delegator', 'rbac.authorization.k8s.io'),
      stableApi('RoleBinding kube-system/metrics-server-auth-reader', 'rbac.authorization.k8s.io'),
    ],
  },
];

describe.each(GOLDEN_SETS)('$golden', ({ golden, props, nanny, differences: named }) => {
  test('is what the construct synthesizes, but for the named differences', () => {
    const withoutReasons = named.map(({ at, golden: theirs, ours }) => ({ at, golden: theirs, ours }));
    expect(differences(readManifests(golden), synthesize())).toEqual(withoutReasons);
  });

  test('is the same in a chart that has a namespace', () => {
    expect(synthesize('kube-system')).toEqual(synthesize());
  });

  function synthesize(namespace?: string): Manifest[] {
    const chart = new Chart(new App(), 'test', { namespace });
    const metricsServer = new MetricsServer(chart, 'metrics-server', props);
    if (nanny) metricsServer.server.addNanny({ useMetrics: true });
    return chart.toJson();
  }
});

test('a quantity is compared by its value, anything else as it is written', () => {
  const deployment = (cpu: string, name: string) => [{
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { containers: [{ name, resources: { requests: { cpu } } }] },
  }];

  expect(differences(deployment('0.1', 'a'), deployment('100m', 'a'))).toEqual([]);
  expect(differences(deployment('0.1', 'a'), deployment('200m', 'b'))).toEqual([
    { at: 'Deployment d.spec.containers.0.name', golden: 'a', ours: 'b' },
    { at: 'Deployment d.spec.containers.0.resources.requests.cpu', golden: '0.1', ours: '200m' },
  ]);
});
