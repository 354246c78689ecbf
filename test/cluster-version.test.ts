import { MetricsServer, MetricsServerProps, NannySidecar, Rules, SeLinuxChangePolicy, SecurityProfile, SupplementalGroupsPolicy } from '../src';
import { objectOf, testChart } from './synthesize';

const ANNOTATION = 'cdk8s-metrics-server.dev/cluster-version';
const OLD_NANNY = 'registry.k8s.io/autoscaling/addon-resizer:1.8.23';

describe('clusterVersion', () => {
  test('stands on the Deployment, and nowhere unless it is given', () => {
    const [chart, other] = [testChart(), testChart()];
    new MetricsServer(chart, 'ms', { clusterVersion: '1.34' });
    new MetricsServer(other, 'ms');

    expect(objectOf(chart, 'Deployment').metadata.annotations).toEqual({ [ANNOTATION]: '1.34' });
    expect(objectOf(other, 'Deployment').metadata.annotations).toBeUndefined();
  });

  test.each([['1.36', []], ['1.37', ['nanny-metric-hidden']], [undefined, ['nanny-metric-hidden']]])(
    'of %s tells the rules whether a nanny finds its metric: %j', (clusterVersion, expected) => {
      const chart = testChart();
      new MetricsServer(chart, 'ms', { clusterVersion: clusterVersion === '1.37' ? undefined : clusterVersion }).server
        .addNanny({ image: OLD_NANNY, useMetrics: true });
      if (clusterVersion === '1.37') (chart.node.findAll().find((c: any) => c.kind === 'Deployment') as any).metadata.addAnnotation(ANNOTATION, '1.37');

      expect(Rules.findings(chart).map(({ ruleId }) => ruleId).filter((id) => id.startsWith('nanny'))).toEqual(expected);
    },
  );

  test('of the server holds for its nanny', () => {
    const { server } = new MetricsServer(testChart(), 'ms', { clusterVersion: '1.37' });

    expect(() => server.addNanny({ image: OLD_NANNY, useMetrics: true })).toThrow('useMetrics: given');
    expect(() => new MetricsServer(testChart(), 'ms', { clusterVersion: '1.36' }).server.addNanny({ image: OLD_NANNY, useMetrics: true })).not.toThrow();
  });

  test('may be given to a nanny whose Deployment has none', () => {
    const chart = testChart();
    new NannySidecar(chart, 'nanny', { deployment: new MetricsServer(chart, 'ms'), image: OLD_NANNY, useMetrics: true, clusterVersion: '1.30' });

    expect(Rules.findings(chart).map(({ ruleId }) => ruleId)).not.toContain('nanny-metric-hidden');
  });

  test.each<[string, MetricsServerProps, string]>([
    ['1.32', { hostUsers: false }, 'hostUsers: given'],
    ['1.29', { containerSecurityContext: { appArmorProfile: SecurityProfile.runtimeDefault() } }, 'containerSecurityContext.appArmorProfile: given'],
    ['1.29', { podSecurityContext: { appArmorProfile: SecurityProfile.runtimeDefault() } }, 'podSecurityContext.appArmorProfile: given'],
    ['1.32', { podSecurityContext: { supplementalGroupsPolicy: SupplementalGroupsPolicy.STRICT } }, 'supplementalGroupsPolicy: given'],
    ['1.32', { podSecurityContext: { seLinuxChangePolicy: SeLinuxChangePolicy.RECURSIVE } }, 'seLinuxChangePolicy: given'],
  ])('of %s refuses what its pods do not know: %j', (clusterVersion, props, message) => {
    expect(() => new MetricsServer(testChart(), 'ms', { ...props, clusterVersion })).toThrow(message);
    expect(() => new MetricsServer(testChart(), 'ms', { ...props, clusterVersion: '1.33' })).not.toThrow();
  });
});
