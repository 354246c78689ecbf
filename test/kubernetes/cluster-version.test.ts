import {
  FsGroupChangePolicy, Image, MetricsServer, MetricsServerProps, NannySidecar, Rules, SeLinuxChangePolicy, SecurityProfile, ServingCertificate,
  SupplementalGroupsPolicy, UnsatisfiableConstraintAction,
} from '../../src';
import { objectOf, testChart } from '../synthesize';

const ANNOTATION = 'cdk8s-metrics-server.dev/cluster-version';
const SPREAD_ANYWAY = UnsatisfiableConstraintAction.SCHEDULE_ANYWAY;
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
    ['1.18', { image: Image.upstream('v0.5.0'), podSecurityContext: { seccompProfile: SecurityProfile.runtimeDefault() } }, 'podSecurityContext.seccompProfile: given'],
    [
      '1.18', { image: Image.upstream('v0.5.0'), containerSecurityContext: { seccompProfile: SecurityProfile.runtimeDefault() } },
      'containerSecurityContext.seccompProfile: given',
    ],
    ['1.19', { podSecurityContext: { fsGroupChangePolicy: FsGroupChangePolicy.ALWAYS } }, 'podSecurityContext.fsGroupChangePolicy: given'],
    ['1.20', { networkPolicy: { apiServerCidrs: ['10.0.0.0/8'], scraperNamespaces: ['monitoring'] } }, 'networkPolicy.scraperNamespaces: given'],
    ['1.25', { dnsConfig: { searches: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] } }, 'dnsConfig.searches: given'],
    ['1.17', { image: Image.upstream('v0.5.0'), topologySpreadConstraints: [{ topologyKey: 'a', whenUnsatisfiable: SPREAD_ANYWAY }] }, 'topologySpreadConstraints: given'],
    [
      '1.21', { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {}, topologyKey: 'a', namespaceSelector: {} }] } } },
      'affinity.*.namespaceSelector: given',
    ],
    ['1.32', { podSecurityContext: { seLinuxChangePolicy: SeLinuxChangePolicy.RECURSIVE } }, 'seLinuxChangePolicy: given'],
  ])('of %s refuses what its pods do not know: %j', (clusterVersion, props, message) => {
    const servingCertificate = ServingCertificate.insecureSkipTlsVerify();
    expect(() => new MetricsServer(testChart(), 'ms', { servingCertificate, ...props, clusterVersion })).toThrow(message);
    expect(() => new MetricsServer(testChart(), 'ms', { servingCertificate, ...props, clusterVersion: '1.33' })).not.toThrow();
  });

  test('of 1.37 takes what kube-apiserver refuses before it, and nothing else does', () => {
    const podSecurityContext = { seLinuxChangePolicy: SeLinuxChangePolicy.MOUNT_OPTION };
    const refusal = (given: string) => `podSecurityContext.seLinuxChangePolicy: MountOption: given '${given}'; allowed: from Kubernetes 1.37 on`;

    expect(() => new MetricsServer(testChart(), 'ms', { podSecurityContext })).toThrow(refusal('set without a clusterVersion'));
    expect(() => new MetricsServer(testChart(), 'ms', { podSecurityContext, clusterVersion: '1.36' })).toThrow(refusal('set for a cluster of Kubernetes 1.36'));
    expect(() => new MetricsServer(testChart(), 'ms', { podSecurityContext, clusterVersion: '1.37' })).not.toThrow();
  });

  test.each([['1.18', false], ['1.19', true]])('of %s decides of what stands there by default: %s', (clusterVersion, stands) => {
    const chart = testChart();
    const { server } = new MetricsServer(chart, 'ms', {
      image: Image.upstream('v0.5.0'), servingCertificate: ServingCertificate.insecureSkipTlsVerify(), clusterVersion,
    });
    server.addNanny();
    const { containers } = objectOf(chart, 'Deployment').spec.template.spec;

    expect(containers.map(({ securityContext }: any) => 'seccompProfile' in securityContext)).toEqual([stands, stands]);
    expect('appProtocol' in objectOf(chart, 'Service').spec.ports[0]).toBe(stands);
  });

  test('of 1.28 refuses a sidecar among init containers', () => {
    const add = (clusterVersion?: string) => () => new MetricsServer(testChart(), 'ms', { clusterVersion })
      .addInitContainer({ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' });

    expect(add('1.28')).toThrow('container.restartPolicy: given \'Always for a cluster of Kubernetes 1.28\'; allowed: from Kubernetes 1.29 on');
    expect(add('1.29')).not.toThrow();
    expect(add()).not.toThrow();
  });

  test('that a nanny is the first to say judges sidecars that are there already', () => {
    const add = (clusterVersion: string) => () => {
      const chart = testChart();
      const deployment = new MetricsServer(chart, 'ms').server;
      deployment.addInitContainer({ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' });
      new NannySidecar(chart, 'nanny', { deployment, clusterVersion });
    };

    expect(add('1.28')).toThrow('container.restartPolicy: given \'Always for a cluster of Kubernetes 1.28\'');
    expect(add('1.29')).not.toThrow();
  });

  test('is one for a server and its nanny', () => {
    const nanny = (clusterVersion: string) => () => {
      const chart = testChart();
      new NannySidecar(chart, 'nanny', { deployment: new MetricsServer(chart, 'ms', { clusterVersion: '1.34' }), clusterVersion });
    };

    expect(nanny('1.36')).toThrow('[test/nanny] clusterVersion: given \'1.36\'; allowed: 1.34, which the Deployment was made for');
    expect(nanny('1.34')).not.toThrow();
  });
});
