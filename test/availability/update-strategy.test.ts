import { Image, MetricsServer, PercentOrAbsolute, ServingCertificate, UpdateStrategy } from '../../src';
import { objectOf, testChart } from '../synthesize';

const { absolute, percent } = PercentOrAbsolute;

test.each([
  ['no pod missing where nothing is said', undefined, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } }],
  ['numbers and shares', UpdateStrategy.rollingUpdate({ maxUnavailable: absolute(1), maxSurge: percent(150) }), {
    type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: '150%' },
  }],
  ['what Kubernetes does by default', UpdateStrategy.rollingUpdate(), { type: 'RollingUpdate' }],
  ['all pods at once', UpdateStrategy.recreate(), { type: 'Recreate' }],
])('%s', (_, updateStrategy, strategy) => {
  expect(strategyWith(updateStrategy)).toEqual(strategy);
});

test('metrics-server v0.3 has none of its own, and gets the one that is given', () => {
  const v03 = { image: Image.upstream('v0.3.6'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() };

  expect(strategyWith(undefined, v03)).toBeUndefined();
  expect(strategyWith(UpdateStrategy.recreate(), v03)).toEqual({ type: 'Recreate' });
});

test.each([
  ['nothing may be missing and nothing may be too many', { maxUnavailable: absolute(0), maxSurge: percent(0) }, 'updateStrategy.maxUnavailable: given \'0 beside a maxSurge of 0\''],
  ['more than all may be missing', { maxUnavailable: percent(101) }, 'updateStrategy.maxUnavailable: given 101; allowed: a whole number from 0 to 100'],
  ['pods are not whole', { maxSurge: absolute(0.5) }, 'updateStrategy.maxSurge: given 0.5; allowed: a whole number from 0 to 2147483647'],
])('an update in which %s is refused', (_, options, message) => {
  expect(() => strategyWith(UpdateStrategy.rollingUpdate(options))).toThrow(`[test/ms] ${message}`);
});

function strategyWith(updateStrategy?: UpdateStrategy, props = {}) {
  const chart = testChart();
  new MetricsServer(chart, 'ms', { ...props, updateStrategy });
  return objectOf(chart, 'Deployment').spec.strategy;
}
