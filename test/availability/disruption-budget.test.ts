import { DisruptionBudget, MetricsServer, MetricsServerProps, PercentOrAbsolute, Rules, UnhealthyPodEvictionPolicy } from '../../src';
import { objectOf, testChart } from '../synthesize';

const { absolute, percent } = PercentOrAbsolute;
const selector = { matchLabels: { 'k8s-app': 'metrics-server' } };

test.each<[string, DisruptionBudget, object]>([
  ['one pod stays where nothing is said', {}, { minAvailable: 1 }],
  ['a share of them stays', { minAvailable: percent(50) }, { minAvailable: '50%' }],
  ['one may be missing', { maxUnavailable: absolute(1) }, { maxUnavailable: 1 }],
  ['also none, which holds up every drain', { maxUnavailable: absolute(0) }, { maxUnavailable: 0 }],
  ['pods that are not ready may always go', { unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.ALWAYS_ALLOW }, { minAvailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' }],
])('%s', (_, disruptionBudget, spec) => {
  expect(objectOf(chartWith({ disruptionBudget }), 'PodDisruptionBudget')).toEqual({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'metrics-server', namespace: 'kube-system', labels: { 'k8s-app': 'metrics-server' } },
    spec: { ...spec, selector },
  });
});

test('it selects by the selector, whatever other labels the pods have', () => {
  const chart = chartWith({ disruptionBudget: {}, selectorLabels: { app: 'ms' }, labels: { team: 'platform' } });

  expect(objectOf(chart, 'PodDisruptionBudget').spec.selector).toEqual({ matchLabels: { app: 'ms' } });
});

test('both at once is refused', () => {
  expect(() => chartWith({ disruptionBudget: { minAvailable: absolute(1), maxUnavailable: percent(10) } })).toThrow(
    '[test/ms] disruptionBudget.maxUnavailable: given \'10% beside minAvailable\'; allowed: one of the two');
});

test.each<[string, MetricsServerProps, boolean]>([
  ['of one replica keeps one', { disruptionBudget: {} }, true],
  ['of two replicas keeps one', { disruptionBudget: {}, replicas: 2 }, false],
  ['of two replicas keeps half of them', { disruptionBudget: { minAvailable: percent(50) }, replicas: 2 }, false],
  ['of two replicas keeps 51%, which are two', { disruptionBudget: { minAvailable: percent(51) }, replicas: 2 }, true],
  ['lets one pod go', { disruptionBudget: { maxUnavailable: absolute(1) } }, false],
])('a budget that %s: is it reported as one that blocks drains?', (_, props, reported) => {
  expect(Rules.findings(chartWith(props)).some(({ ruleId }) => ruleId === 'budget-blocks-drains')).toBe(reported);
});

function chartWith(props: MetricsServerProps) {
  const chart = testChart();
  new MetricsServer(chart, 'ms', props);
  return chart;
}
