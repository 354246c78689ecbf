import { Affinity, DisruptionBudget, MetricsServer, MetricsServerProps, PercentOrAbsolute, Rules, UnhealthyPodEvictionPolicy, UnsatisfiableConstraintAction, UpdateStrategy } from '../../src';
import { objectOf, testChart } from '../synthesize';

const { absolute } = PercentOrAbsolute;

describe('highAvailability', () => {
  test('is two replicas on two nodes, in two zones if it can be, of which one always stays', () => {
    const chart = chartWith({ namespace: 'metrics' });
    const { replicas, strategy, template: { spec } } = objectOf(chart, 'Deployment').spec;
    const labelSelector = { matchLabels: { 'k8s-app': 'metrics-server' } };

    expect(replicas).toBe(2);
    expect(strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } });
    expect(spec.affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, namespaces: ['metrics'], topologyKey: 'kubernetes.io/hostname' }],
      },
    });
    expect(spec.topologySpreadConstraints).toEqual([
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
    ]);
    expect(objectOf(chart, 'PodDisruptionBudget').spec.minAvailable).toBe(1);
  });

  test.each([['1.27', 'AlwaysAllow'], ['1.26', undefined], [undefined, undefined]])(
    'where the cluster is of Kubernetes %s, a pod that never gets ready holds up drains unless %s', (clusterVersion, unhealthyPodEvictionPolicy) => {
      expect(objectOf(chartWith({ clusterVersion }), 'PodDisruptionBudget').spec.unhealthyPodEvictionPolicy).toBe(unhealthyPodEvictionPolicy);
    },
  );

  test.each([[{}], [{ maxUnavailable: absolute(1) }], [{ enabled: true }]])('so it is beside a budget of one\'s own: %j', (disruptionBudget) => {
    const policyOf = (budget: DisruptionBudget) =>
      objectOf(chartWith({ clusterVersion: '1.34', disruptionBudget: budget }), 'PodDisruptionBudget').spec.unhealthyPodEvictionPolicy;

    expect(policyOf(disruptionBudget)).toBe('AlwaysAllow');
    expect(policyOf({ ...disruptionBudget, unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.IF_HEALTHY_BUDGET })).toBe('IfHealthyBudget');
  });

  test('leaves no rule about availability broken', () => {
    expect(Rules.findings(chartWith({}))).toEqual([]);
  });

  test('adds nothing when it is false', () => {
    expect(chartWith({ highAvailability: false }).toJson()).toEqual(chartWith({ highAvailability: undefined }).toJson());
  });

  test.each<[string, MetricsServerProps, (chart: ReturnType<typeof testChart>) => unknown, unknown]>([
    ['replicas', { replicas: 3 }, (chart) => objectOf(chart, 'Deployment').spec.replicas, 3],
    ['updateStrategy', { updateStrategy: UpdateStrategy.recreate() }, (chart) => objectOf(chart, 'Deployment').spec.strategy, { type: 'Recreate' }],
    ['disruptionBudget', { disruptionBudget: { maxUnavailable: absolute(1) } }, (chart) => objectOf(chart, 'PodDisruptionBudget').spec.maxUnavailable, 1],
  ])('of %s, what is said explicitly wins, and all else stays', (_, props, valueIn, expected) => {
    const chart = chartWith(props);

    expect(valueIn(chart)).toEqual(expected);
    expect(objectOf(chart, 'PodDisruptionBudget').spec.selector).toBeDefined();
    expect(objectOf(chart, 'Deployment').spec.template.spec.affinity).toBeDefined();
  });

  describe('of where pods go, what is said explicitly wins', () => {
    const podSpecWith = (props: MetricsServerProps) => objectOf(chartWith(props), 'Deployment').spec.template.spec;
    const preferred = [{ weight: 1, podAffinityTerm: { labelSelector: { matchLabels: { a: 'b' } }, topologyKey: 'rack' } }];

    test('another anti-affinity, or none', () => {
      const podAntiAffinityWith = (podAntiAffinity: Affinity['podAntiAffinity']) => podSpecWith({ affinity: { podAntiAffinity } }).affinity.podAntiAffinity;

      expect(podAntiAffinityWith({ preferredDuringSchedulingIgnoredDuringExecution: preferred })).toEqual({
        preferredDuringSchedulingIgnoredDuringExecution: preferred,
      });
      expect(podAntiAffinityWith({})).toEqual({});
    });

    test('an affinity to other pods stands beside the anti-affinity by host', () => {
      const { affinity } = podSpecWith({ affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } });

      expect(affinity.podAffinity).toBeDefined();
      expect(affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution).toHaveLength(1);
    });

    test('another spread, or none', () => {
      const byRack = { topologyKey: 'rack', whenUnsatisfiable: UnsatisfiableConstraintAction.DO_NOT_SCHEDULE };

      expect(podSpecWith({ topologySpreadConstraints: [byRack] }).topologySpreadConstraints).toMatchObject([byRack]);
      expect(podSpecWith({ topologySpreadConstraints: [] }).topologySpreadConstraints ?? []).toEqual([]);
    });
  });

  test('of one replica has no budget, which would hold up every drain, unless one is given', () => {
    const kinds = (props: MetricsServerProps) => chartWith({ replicas: 1, ...props }).toJson().map(({ kind }) => kind);

    expect(objectOf(chartWith({ replicas: 1 }), 'Deployment').spec.replicas).toBe(1);
    expect(kinds({})).not.toContain('PodDisruptionBudget');
    expect(kinds({ disruptionBudget: {} })).toContain('PodDisruptionBudget');
  });

  test('goes without a budget, also where Kubernetes is too old for one', () => {
    const chart = chartWith({ disruptionBudget: { enabled: false }, clusterVersion: '1.20' });

    expect(chart.toJson().map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
    expect(objectOf(chart, 'Deployment').spec.replicas).toBe(2);
    expect(() => chartWith({ disruptionBudget: { enabled: false, minAvailable: absolute(1) } })).toThrow('disruptionBudget.minAvailable: given \'a value beside enabled: false\'');
  });

  test('goes without a nanny, which restarts all replicas at once', () => {
    const { server } = new MetricsServer(testChart(), 'ms', { highAvailability: true });

    expect(() => server.addNanny()).toThrow('given \'one with 2 replicas\'');
  });
});

function chartWith(props: MetricsServerProps) {
  const chart = testChart();
  new MetricsServer(chart, 'ms', { highAvailability: true, ...props });
  return chart;
}
