import { ApiObject, ApiObjectProps, App, Chart, JsonPatch } from 'cdk8s';
import { ExtensionApiServer, KubeletAccess, MetricsServer, RuleLevel, Rules, ServingCertificate } from '../../src';
import { objectOf } from '../synthesize';
import { WARDLE } from '../wardle';

const REASON = 'laboratory whose kubelets sign their own certificates';
const ANNOTATION = 'acknowledge.cdk8s-metrics-server.dev/kubelet-insecure-tls';

describe('rules', () => {
  let app: App;
  let chart: Chart;
  let stderr: jest.SpyInstance;

  beforeEach(() => {
    app = new App();
    chart = new Chart(app, 'chart');
    stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });

  afterEach(() => stderr.mockRestore());

  const findingsOf = (scope = app as Chart | App) => Rules.findings(scope).map(({ ruleId, constructPath }) => [ruleId, constructPath]);

  test('find in the default chart nothing but its single replica', () => {
    new MetricsServer(chart, 'ms');

    expect(Rules.findings(app)).toEqual([{
      ruleId: 'single-replica',
      level: RuleLevel.WARNING,
      object: 'Deployment kube-system/metrics-server',
      constructPath: 'chart/ms/Server/Deployment',
      path: 'spec.replicas',
      given: 'missing',
      message: 'Deployment kube-system/metrics-server: given spec.replicas: missing; single-replica (warning): an extension API server of one replica;'
        + ' to mend it, set replicas to 2, with a PodDisruptionBudget and pod anti-affinity',
    }]);
  });

  test('judge an object among all charts of the app, and report what is below the construct they are asked for', () => {
    const other = new Chart(app, 'other');
    new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.insecureSkipTlsVerify() });
    new ApiObject(other, 'budget', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'metrics-server', namespace: 'kube-system' },
      spec: { maxUnavailable: 0, selector: { matchLabels: { 'k8s-app': 'metrics-server' } } },
    });

    expect(findingsOf(other)).toEqual([['budget-blocks-drains', 'other/budget']]);
    expect(findingsOf(chart)).toEqual([['kubelet-insecure-tls', 'chart/ms/Server/Deployment'], ['single-replica', 'chart/ms/Server/Deployment']]);
  });

  describe('acknowledged', () => {
    test('are silent, and the reason stands on the objects that the rule is about', () => {
      const metricsServer = new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.insecureSkipTlsVerify() });
      Rules.acknowledge(metricsServer, 'kubelet-insecure-tls', REASON);

      expect(findingsOf()).toEqual([['single-replica', 'chart/ms/Server/Deployment']]);
      expect(objectOf(chart, 'Deployment').metadata.annotations).toEqual({ [ANNOTATION]: REASON });
      expect(objectOf(chart, 'Service').metadata.annotations).toBeUndefined();
    });

    test('hold for the object that is named, not for its neighbours', () => {
      const metricsServer = new MetricsServer(chart, 'ms', { servingCertificate: ServingCertificate.insecureSkipTlsVerify() });
      const [v1, v1beta1] = metricsServer.server.aggregatedApiService.apiServices;
      Rules.acknowledge(v1, 'insecure-tls', REASON);

      expect(findingsOf()).toContainEqual(['insecure-tls', v1beta1.node.path]);
      expect(findingsOf()).not.toContainEqual(['insecure-tls', v1.node.path]);
    });

    test.each([
      ['an unknown rule', 'single-replicas', REASON, /\[chart\/ms\] ruleId: given 'single-replicas'; allowed: insecure-tls, .*single-replica/],
      ['no reason', 'single-replica', ' ', /\[chart\/ms\] reason: given ' '; allowed: a sentence; to mend it, say why/],
      ['a reason from JavaScript that is none', 'single-replica', undefined as unknown as string, /\[chart\/ms\] reason: given undefined/],
      ['no object that the rule is about', 'budget-blocks-drains', REASON, /\[chart\/ms\] construct: given 'chart\/ms'; allowed: .*PodDisruptionBudget/],
    ])('are refused with %s', (_, ruleId, reason, message) => {
      const metricsServer = new MetricsServer(chart, 'ms');

      expect(() => Rules.acknowledge(metricsServer, ruleId, reason)).toThrow(message);
    });
  });

  describe('enforced', () => {
    test('fail the synth of what is insecure, and write the milder to standard error', () => {
      new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.insecureSkipTlsVerify() });
      Rules.enforce(app);

      expect(() => app.synthYaml()).toThrow(/\[chart\/ms\/Server\/Deployment\] Deployment kube-system\/metrics-server: .*kubelet-insecure-tls \(insecure\): the metrics server does not verify .*; to mend it, sign/);
      expect(stderr.mock.calls.flat().join('')).toMatch(/^\[chart\/ms\/Server\/Deployment\] .*single-replica \(warning\).*\n$/);
    });

    test('fail from the level on that is asked for, but not for what is excluded or acknowledged', () => {
      const metricsServer = new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.insecureSkipTlsVerify() });
      Rules.enforce(app, { failOn: RuleLevel.WARNING, exclude: ['single-replica'] });
      expect(() => app.synthYaml()).toThrow(/kubelet-insecure-tls/);

      Rules.acknowledge(metricsServer, 'kubelet-insecure-tls', REASON);
      expect(app.synthYaml()).toContain(`${ANNOTATION}: ${REASON}`);
    });

    test.each([
      ['a level', { failOn: 'fatal' as RuleLevel }, /failOn: given 'fatal'; allowed: error, insecure, warning/],
      ['a rule', { exclude: ['single'] }, /exclude: given 'single'; allowed: insecure-tls/],
      ['an option', { failsOn: RuleLevel.WARNING } as object, /\[\] options\.failsOn: given 'warning'; allowed: failOn, exclude; did you mean failOn\?/],
      ['what is missing', { exclude: [undefined as unknown as string] }, /exclude: given undefined; allowed: insecure-tls/],
      ['a hole', { exclude: new Array(1) }, /exclude: given undefined; allowed: insecure-tls/],
      ['a list of rules', { exclude: 'single-replica' as unknown as string[] }, /exclude: given 'single-replica'; allowed: a list of rule ids/],
    ])('refuse %s that there is not', (_, options, message) => {
      expect(() => Rules.enforce(app, options)).toThrow(message);
    });
  });

  test.each<[string, (scope: any) => void]>([
    ['construct', (scope) => Rules.acknowledge(scope, 'single-replica', REASON)],
    ['scope', (scope) => Rules.enforce(scope)],
    ['scope', (scope) => Rules.findings(scope)],
  ])('say so where %s is no construct', (property, ask) => {
    for (const given of [null, undefined, 'chart', {}, 1n]) expect(() => ask(given)).toThrow(new RegExp(`^${property}: given .+; allowed: a construct.+; to mend it, .+$`));
  });

  test('say so where options are none', () => {
    expect(() => Rules.enforce(chart, null as any)).toThrow('[chart] options: given null; allowed: an object with failOn, exclude; to mend it, ');
    expect(() => Rules.enforce(chart, { exclude: [1n] as any })).toThrow('given 1n');
  });

  test('see into a List, and tell of the construct that synthesizes it', () => {
    const list = new ApiObject(chart, 'list', {
      apiVersion: 'v1',
      kind: 'List',
      items: [{
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'metrics-server', namespace: 'kube-system' },
        spec: { template: { spec: { containers: [{ name: 'a', image: 'registry.k8s.io/metrics-server/metrics-server:v0.9.0', args: ['--kubelet-insecure-tls'] }] } } },
      }],
    } as ApiObjectProps);
    const found = { ruleId: 'kubelet-insecure-tls', object: 'Deployment kube-system/metrics-server', constructPath: 'chart/list' };

    expect(Rules.findings(list)).toContainEqual(expect.objectContaining(found));
    Rules.enforce(app);
    expect(() => app.synthYaml()).toThrow(/\[chart\/list\] Deployment kube-system\/metrics-server: .*kubelet-insecure-tls/);
  });

  describe('of what cannot work', () => {
    const server = () => new ExtensionApiServer(chart, 'wardle', WARDLE);

    test('fail the synth without being asked, also where a patch brought it about', () => {
      server().deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/hostNetwork', true));

      expect(() => app.synthYaml()).toThrow(/\[chart\/wardle\] Deployment zoo\/wardle: .*host-network-kubelet-port \(error\)/);
    });

    test('are reported once where rules are enforced', () => {
      server().deployment.addJsonPatch(JsonPatch.add('/spec/replicas', 0));
      Rules.enforce(app, { exclude: ['insecure-tls'] });

      expect(() => app.synthYaml()).toThrow(/^(?!(.*no-replicas){2}).*no-replicas/s);
    });

    test('let what is insecure or unwise pass', () => {
      server();

      expect(app.synthYaml()).toContain('insecureSkipTLSVerify: true');
      expect(stderr).not.toHaveBeenCalled();
    });
  });
});
