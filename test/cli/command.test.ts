import { runCli } from './run-cli';
import { readPackage } from '../../src/_package';

describe('the command line', () => {
  test('prints what there is without a command, and how a command is used', () => {
    expect(runCli([])).toMatchObject({ code: 0, out: expect.stringContaining('from-helm') });
    expect(runCli(['--help']).out).toBe(runCli(['help']).out);
    expect(runCli(['help', 'from-helm'])).toMatchObject({ code: 0, out: expect.stringContaining('--release NAME') });
    expect(runCli(['from-helm', '--help']).out).toBe(runCli(['help', 'from-helm']).out);
    expect(runCli(['help', 'new-provider'])).toMatchObject({ code: 0, out: expect.stringContaining('new-provider DIR') });
    expect(runCli(['new-provider', '-h']).out).toBe(runCli(['help', 'new-provider']).out);
  });

  test('hands doctor and explain to the runtime, and ends with their exit code', () => {
    expect(runCli(['doctor', '--kubeconfig', 'prod', '--help'])).toMatchObject({ code: 3, out: 'metrics-server doctor --kubeconfig prod --help\n' });
    expect(runCli(['explain', 'queue_depth', '--external'])).toMatchObject({ code: 3, out: 'metrics-server explain queue_depth --external\n' });
    expect(runCli(['help', 'doctor']).out).toBe('metrics-server doctor --help\n');
  });

  test('prints the version of the package', () => {
    const { version } = readPackage();
    expect(runCli(['--version'])).toMatchObject({ code: 0, out: `${version}\n` });
    expect(runCli(['version']).out).toBe(`${version}\n`);
  });

  test.each([
    [['form-helm'], 'there is no command "form-helm"; allowed: from-helm, from-prometheus-adapter, new-provider, doctor, explain, help, version'],
    [['new-provider'], 'new-provider: name one folder to make; --help says more'],
    [['new-provider', 'a', 'b'], 'new-provider: name one folder to make; --help says more'],
    [['new-provider', 'My_Metrics'],
      'new-provider: given a folder called "My_Metrics"; allowed: a DNS label that begins with a letter, since the server is called so'],
    [['from-helm'], 'from-helm: name a file with values of the chart, or - for standard input; --help says more'],
    [['from-helm', 'a.yaml', '--relase', 'x'], expect.stringMatching(/^from-helm: Unknown option '--relase'.*; --help says more$/)],
    [['from-helm', 'a.yaml', '--git-ops', 'argocd'], 'from-helm: --git-ops: given "argocd"; allowed: argo-cd, flux'],
    [['from-helm', 'a.yaml', '--app-version', 'latest'], 'from-helm: --app-version: given "latest"; allowed: a version as helm list has it, such as 0.8.1'],
    [['from-helm', 'a.yaml', '--app-version', '0.8'], 'from-helm: --app-version: given "0.8"; allowed: a version as helm list has it, such as 0.8.1'],
    [['from-helm', 'a.yaml', '--release'], expect.stringMatching(/^from-helm: Option '--release <value>' argument missing.*--help says more$/)],
  ])('%j is a mistake in one line', (argv, message) => {
    expect(runCli(argv as string[])).toMatchObject({ code: 2, out: '', errors: [message] });
  });
});

describe('from-helm', () => {
  test('lets a later file win over an earlier one, and both over the chart\'s defaults, as Helm does', () => {
    const files = {
      'base.yaml': 'replicas: 2\nresources: { requests: { cpu: 1 } }\nargs: [--v=1, --v=2]\n',
      'prod.yaml': 'resources: { requests: { memory: 1Gi }, limits: { memory: 2Gi } }\nargs: [--v=4]\n',
    };
    const { out } = runCli(['from-helm', 'base.yaml', 'prod.yaml'], files);

    expect(out).toContain('replicas: 2,');
    expect(out).toContain('resources: { requests: { cpu: \'1\', memory: \'1Gi\' }, limits: { memory: \'2Gi\' } },');
    expect(out).toContain('extraArgs: [\'--v=4\'],');
    expect(runCli(['from-helm', '-f', 'base.yaml', '--values', 'prod.yaml'], files).out).toBe(out);
  });

  test('says which requests the values took away, which would be the default ones otherwise', () => {
    const { out } = runCli(['from-helm', '-'], { '-': 'resources: { requests: { cpu: null }, limits: { memory: 1Gi } }\n' });

    expect(out).toContain('resources: { requests: { cpu: \'\', memory: \'200Mi\' }, limits: { memory: \'1Gi\' } },');
  });

  test('does not create the ServiceAccount default, which each namespace has', () => {
    const { out } = runCli(['from-helm', '-'], { '-': 'serviceAccount: { create: true, name: default }\n' });

    expect(out).not.toContain('createdServiceAccountName');
    expect(out).toContain('each namespace has the ServiceAccount default');
  });

  test('takes null as Helm does: it removes the default', () => {
    const { code, out } = runCli(['from-helm', '-'], { '-': 'priorityClassName: null\ndefaultArgs: null\n' });

    expect(code).toBe(0);
    expect(out).toContain('priorityClassName: \'\',');
    expect(out).toContain('metricResolution: Duration.minutes(1),');
  });

  test('names the release and its objects as the chart does', () => {
    expect(runCli(['from-helm', '-', '--release', 'prod', '-n', 'monitoring'], { '-': '' }).out).toMatch(
      /name: 'prod-metrics-server',\n +selectorLabels: \{ 'app.kubernetes.io\/name': 'metrics-server', 'app.kubernetes.io\/instance': 'prod' \},\n +namespace: 'monitoring',/);
    expect(runCli(['from-helm', '-', '--release', 'my-metrics-server-2'], { '-': '' }).out).toContain('name: \'my-metrics-server-2\',');
    expect(runCli(['from-helm', '-'], { '-': 'nameOverride: usage' }).out).toContain('name: \'metrics-server-usage\',');
    expect(runCli(['from-helm', '-'], { '-': 'namespaceOverride: elsewhere' }).out).toContain('namespace: \'elsewhere\',');
  });

  test('writes a file where one is named', () => {
    const { out, written } = runCli(['from-helm', '-', '--output', 'chart.ts'], { '-': '' });
    expect(out).toBe('');
    expect(written.get('chart.ts')).toContain('export class MetricsServerChart extends Chart');
  });

  test.each([
    ['no YAML', 'replicas: 1\nargs: [--v=2\n', 'v.yaml:3: '],
    ['a key twice', 'replicas: 1\nreplicas: 2\n', 'v.yaml:2: given replicas twice in one map'],
    ['no map', '- replicas\n', 'v.yaml:1: values are a map'],
    ['a scalar for a map', '\nimage: nginx\n', 'v.yaml:2: image: given "nginx"; allowed: a map'],
    ['text for a number', 'service:\n  port: https\n', 'v.yaml:2: service.port: given "https"; allowed: a number'],
    ['text for a boolean', 'rbac: { create: "yes" }\n', 'v.yaml:1: rbac.create: given "yes"; allowed: true or false'],
    ['a scalar for a list', 'args: --v=2\n', 'v.yaml:1: args: given "--v=2"; allowed: a list'],
    ['an object that is applied', 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: { values: { replicas: 2 } }\n', 'v.yaml:2: given an object of kind "HelmRelease"'],
    ['false in quotes, which is true for Helm', 'rbac: { create: "false" }\n', 'v.yaml:1: rbac.create: given "false"; allowed: true or false'],
    ['several documents', 'replicas: 1\n---\nreplicas: 2\n', 'v.yaml:3: given a second document'],
    ['an alias without an anchor', 'podLabels: *none\n', 'v.yaml:1: '],
  ])('says of %s in one line where it is', (_, text, message) => {
    const { code, out, errors } = runCli(['from-helm', 'v.yaml'], { 'v.yaml': text });

    expect({ code, out, lines: errors.length }).toEqual({ code: 2, out: '', lines: 1 });
    expect(errors[0]).toContain(message);
    expect(errors[0]).not.toContain('\n');
  });

  test.each([
    ['under the chart\'s name', 'metrics-server:\n  replicas: 2\n  global: {}\nother: { replicas: 3 }\nglobal: { registry: example.com }\n', []],
    ['under an alias that is named', 'usage:\n  replicas: 2\n', ['--key', 'usage']],
  ])('finds the values of an umbrella chart %s', (_, values, options) => {
    const { code, out } = runCli(['from-helm', '-', ...options], { '-': values });

    expect(code).toBe(0);
    expect(out).toBe(runCli(['from-helm', '-'], { '-': 'replicas: 2' }).out);
  });

  test('says that the chart reads nothing of the values for all charts', () => {
    const { code, out } = runCli(['from-helm', '-'], { '-': 'global: { registry: example.com }\nreplicas: 2\n' });

    expect(code).toBe(0);
    expect(out).toContain('// The chart reads nothing of global, so nothing here says the same.');
    expect(out).toContain('replicas: 2,');
  });

  test('says of values in an umbrella chart where they stand', () => {
    expect(runCli(['from-helm', 'v.yaml'], { 'v.yaml': 'metrics-server:\n  replica: 2\n' }).errors)
      .toEqual(['v.yaml:2: replica is not translated: the chart does not read it; it reads replicas']);
  });

  test('says which option finds the values under an alias, and refuses a key that holds none', () => {
    expect(runCli(['from-helm', 'v.yaml'], { 'v.yaml': '\nusage:\n  replicas: 2\n' })).toMatchObject({
      code: 2, errors: ['v.yaml:2: usage seems to hold the chart\'s values, as in those of an umbrella chart: say --key usage'],
    });
    expect(runCli(['from-helm', '-', '--key', 'usage'], { '-': 'replicas: 2' })).toMatchObject({ code: 2, errors: [expect.stringContaining('--key: given "usage"')] });
  });

  test('says how a release is moved under the tool that applies it', () => {
    const argoCd = runCli(['from-helm', '-', '--git-ops', 'argo-cd'], { '-': 'addonResizer: { enabled: true }' });
    expect(argoCd).toMatchObject({ code: 0, errors: [] });
    expect(argoCd.out).toContain('gitOps: GitOps.argoCd(),');
    expect(argoCd.out).toContain('// before the first sync\n//   # a binding\'s role cannot be changed:\n//   kubectl delete rolebinding metrics-server-nanny -n kube-system\n');
    // What is left over is pruned, and Argo CD keeps no record of Helm's.
    expect(argoCd.out).not.toMatch(/owner=helm|system:metrics-server-nanny/);

    const flux = runCli(['from-helm', '-', '--git-ops', 'flux', '--release', 'prod'], { '-': '' });
    expect(flux).toMatchObject({ code: 0, errors: [] });
    expect(flux.out).toContain('gitOps: GitOps.flux(apiServices),');
    expect(flux.out).toContain('//   flux suspend helmrelease prod -n ');
    expect(flux.out).toMatch(/some days later, .*\n.*\n\/\/ {3}kubectl delete secret -n kube-system -l owner=helm,name=prod$/m);
  });

  test('deletes Helm\'s record in the namespace of the release, wherever its objects are', () => {
    const values = { '-': 'namespaceOverride: monitoring\naddonResizer: { enabled: true }' };

    for (const gitOps of [[], ['--git-ops', 'flux']]) {
      const { out } = runCli(['from-helm', '-', '--namespace', 'kube-system', ...gitOps], values);
      expect(out).toContain('kubectl delete secret -n kube-system -l owner=helm,name=metrics-server');
      expect(out).toContain('kubectl delete rolebinding metrics-server-nanny -n monitoring');
    }
  });

  test('says how the job label of the chart\'s ServiceMonitor is kept where the release has another name', () => {
    const values = { '-': 'metrics: { enabled: true }\nserviceMonitor: { enabled: true }' };

    expect(runCli(['from-helm', '-', '--release', 'prod'], values).out.replace(/\s+\/\/ /g, ' ')).toContain('A relabeling with targetLabel \'job\' and replacement \'prod\' keeps it.');
    expect(runCli(['from-helm', '-'], values).out).not.toContain('targetLabel');
  });

  test('names each value that it cannot say, and where it stands, and ends with 1', () => {
    const { code, errors, out } = runCli(['from-helm', 'a.yaml', 'b.yaml'], {
      'a.yaml': 'rbac:\n  pspEnabled: true\n', 'b.yaml': 'replica: 3\nargs: [--cert-dir=/certs, positional]\n',
    });

    expect(code).toBe(1);
    expect(errors).toEqual([
      'b.yaml:1: replica is not translated: the chart does not read it; it reads replicas',
      'b.yaml:2: args[0] is not translated: the server\'s own certificate is written to /tmp, not to /certs',
      'b.yaml:2: args[1] is not translated: "positional" is no flag: metrics-server ignores it',
      'a.yaml:2: rbac.pspEnabled is not translated: Kubernetes 1.25 removed PodSecurityPolicies',
    ]);
    expect(out.match(/NOT TRANSLATED: /g)).toHaveLength(4);
  });

  test.each([
    ['livenessProbe: null', 'livenessProbe'],
    ['readinessProbe: null', 'readinessProbe'],
    ['apiService: { caBundle: QUJD, insecureSkipTLSVerify: false }', 'apiService.caBundle'],
    ['apiService: { caBundle: QUJD }\ntls: { type: helm }', 'apiService.caBundle'],
    ['addonResizer: { enabled: true }\nresources: { limits: { memory: 1Gi } }', 'resources'],
    ['tls: { type: helm, helm: { certDurationDays: 30 } }', 'tls.helm.certDurationDays'],
    ['service: { port: null }', 'service.port'],
    ['containerPort: 4443\nargs: [--secure-port=8443]', 'containerPort'],
    ['imagePullSecrets: [{ name: a, namespace: b }]', 'imagePullSecrets[0].namespace'],
    ['serviceAccount: { secrets: [{ name: a, kind: b }] }', 'serviceAccount.secrets[0].kind'],
    ['podSecurityContext: { seccompProfile: { type: RuntimeDefault, localhostProfile: a } }', 'podSecurityContext.seccompProfile.localhostProfile'],
    ['updateStrategy: { rollingUpdate: { maxSurge: [1] } }', 'updateStrategy.rollingUpdate.maxSurge'],
    ['tolerations: [{ key: a, operator: Exists }, { key: b, operator: Lt, value: "5" }]', 'tolerations[1].operator'],
    ['tolerations: [{ key: b, operator: exists }]', 'tolerations[0].operator'],
    ['updateStrategy: { type: Recreate, rollingUpdate: { maxUnavailable: 1 } }', 'updateStrategy.rollingUpdate'],
  ])('does not lose %s without a word', (values, lost) => {
    const { code, errors, out } = runCli(['from-helm', '-'], { '-': values });

    expect({ code, errors }).toEqual({ code: 1, errors: [expect.stringContaining(`: ${lost} is not translated: `)] });
    expect(out).toContain(`// NOT TRANSLATED: ${lost}: `);
  });

  test('writes no toleration whose operator it does not know', () => {
    const { out } = runCli(['from-helm', '-'], { '-': 'tolerations: [{ key: a, operator: Exists }, { key: b, operator: Lt, value: "5" }]' });

    expect(out).toContain('      tolerations: [{ key: \'a\' }],\n');
  });

  test('says of values that the chart does not read that nothing comes of them, and ends with 0, as Helm does', () => {
    const { code, errors, out } = runCli(['from-helm', '-'], { '-': 'apiService: { create: false, annotations: { a: b } }\nserviceMonitor: { interval: 5m }' });

    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(out).toContain('// The chart reads apiService.annotations.a only with `apiService.create`, so nothing here says the same.');
    expect(out).toContain('// The chart reads serviceMonitor.interval only with `metrics.enabled` and `serviceMonitor.enabled`, so nothing here');
    expect(out).not.toContain('apiServiceAnnotations');
  });

  test.each([
    ['replicas: "2"', 'replicas: 2,'],
    ['hostNetwork: { enabled: "true" }', 'hostNetwork: true,'],
    ['args: [--secure-port=4443]', '// args[0] lets the server listen there, while the chart\'s probes and Service ask at containerPort 10250; here'],
    ['commonLabels: { team: a }', '// The pods have these as well, which the chart leaves out.'],
    ['podDisruptionBudget: { enabled: true }', '// One pod has to stay, where the chart\'s budget, which has no number, lets none go.'],
    ['tolerations: [{ key: a, operator: Exists, effect: "" }]', 'tolerations: [{ key: \'a\' }],'],
    ['tolerations: [{ key: a, operator: "" }, { key: b, operator: null, value: c }]', 'tolerations: [{ key: \'a\', value: \'\' }, { key: \'b\', value: \'c\' }],'],
    ['replicas: 4', '// A rollout lets no pod be missing here'],
    ['addonResizer: { enabled: true }', '// The nanny lists nodes to count them, where the chart reads a metric that Kubernetes 1.37 hides, and is newer'],
  ])('says of %s what Helm makes of it and what differs', (values, said) => {
    const { code, out } = runCli(['from-helm', '-'], { '-': values });

    expect(code).toBe(0);
    expect(out).toContain(said);
  });

  test('refuses a quantity in a list, which is not the one quantity', () => {
    const { code, out } = runCli(['from-helm', '-'], { '-': 'resources: { limits: { memory: [1Gi] } }' });

    expect(code).toBe(1);
    expect(out).toContain('// REFUSED: ');
  });

  test('takes the name of a pull secret for the secret', () => {
    expect(runCli(['from-helm', '-'], { '-': 'imagePullSecrets: [registry]' }).out).toContain('imagePullSecrets: [SecretRef.fromName(\'registry\')],');
  });

  test('leaves what the construct refuses in comments, says why, and ends with 1', () => {
    const { code, errors, out } = runCli(['from-helm', '-'], { '-': 'service: { port: 99999 }\nreplicas: -1' });

    expect(code).toBe(1);
    expect(errors).toEqual([expect.stringContaining('-1'), expect.stringContaining('99999')]);
    expect(out.match(/^    \/\/ REFUSED: /gm)).toHaveLength(2);
    expect(out).toContain('    //   servicePort: 99999,\n');
    expect(out).not.toMatch(/^ *servicePort/m);
  });
});
