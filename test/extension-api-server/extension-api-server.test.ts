import { ApiObject, Chart, Duration, JsonPatch } from 'cdk8s';
import { ExtensionApiServer, ExtensionApiServerProps, MetricsServer, MetricsServerProps, ServingCertificate } from '../../src';
import { INSTEAD_OF_METRICS_SERVER } from '../../src/extension-api-server/_extension-api-server-checks';
import { codeBlocks } from '../docs/code-blocks';
import { argsOf, objectOf, testChart } from '../synthesize';
import { WARDLE } from '../wardle';

describe('ExtensionApiServer', () => {
  test('says of each property that only a metrics server has what to do instead', () => {
    // The type says that none is missing.
    const instead: Readonly<Record<Exclude<keyof MetricsServerProps, keyof ExtensionApiServerProps>, string>> = INSTEAD_OF_METRICS_SERVER;

    for (const [property, mend] of Object.entries(instead)) {
      expect(() => new ExtensionApiServer(testChart(), 'it', { ...WARDLE, [property]: 'x' } as ExtensionApiServerProps)).toThrow(mend);
    }
  });

  test('synthesizes what every extension API server needs', () => {
    const chart = testChart();
    new ExtensionApiServer(chart, 'wardle', WARDLE);

    expect(chart.toJson().map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'} ${metadata.name}`)).toEqual([
      'ServiceAccount zoo wardle',
      'RoleBinding kube-system wardle.zoo:auth-reader',
      'ClusterRoleBinding - wardle.zoo:auth-delegator',
      'Service zoo wardle',
      'Deployment zoo wardle',
      'APIService - v1.wardle.example.com',
    ]);
  });

  test('lets the kubelet wait before it ends the pod, by what docs/probes.md says', () => {
    const chart = testChart();
    const server = new ExtensionApiServer(chart, 'wardle', WARDLE);
    const [code] = codeBlocks('docs/probes.md', 'ts');
    new Function('server', 'JsonPatch', code)(server, JsonPatch);

    expect(objectOf(chart, 'Deployment').spec.template.spec.containers).toEqual([expect.objectContaining({ lifecycle: { preStop: { sleep: { seconds: 5 } } } })]);
  });

  test('adds its own arguments to those of port and certificate', () => {
    const chart = testChart();
    new ExtensionApiServer(chart, 'wardle', { ...WARDLE, command: ['/wardle'], args: ['--v=1', '--v=2'], securePort: 443 });

    expect(argsOf(chart)).toEqual(['--cert-dir=/tmp', '--v=1', '--v=2']);
    expect(objectOf(chart, 'Deployment').spec.template.spec.containers[0].command).toEqual(['/wardle']);
  });

  test('tells a server that looks after its certificate which Secret and Service are meant, and lets it write by name', () => {
    const chart = testChart();
    const server = new ExtensionApiServer(chart, 'wardle', { ...WARDLE, servingCertificate: ServingCertificate.selfManaged() });

    expect(argsOf(chart)).toEqual([
      '--self-managed-cert-secret=zoo/wardle-serving-certificate', '--self-managed-cert-service=zoo/wardle', '--secure-port=10250',
    ]);
    expect(objectOf(chart, 'ClusterRole').rules).toEqual([
      {
        apiGroups: ['apiregistration.k8s.io'], resources: ['apiservices'], resourceNames: ['v1.wardle.example.com'], verbs: ['list', 'watch', 'patch'],
      },
    ]);
    expect(server.servingCertificateSecret?.name).toBe('wardle-serving-certificate');
    expect(objectOf(chart, 'Role').rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['wardle-serving-certificate'], verbs: ['list', 'watch', 'patch'] },
    ]);
  });

  test('goes on serving for a while before it ends, where its image is known to have the flag', () => {
    const [chart, usual] = [testChart(), testChart()];
    new ExtensionApiServer(chart, 'wardle', { ...WARDLE, shutdownDelay: Duration.seconds(10) });
    new ExtensionApiServer(usual, 'wardle', WARDLE);

    expect(argsOf(chart)).toContain('--shutdown-delay-duration=10s');
    expect(objectOf(chart, 'Deployment').spec.template.spec.terminationGracePeriodSeconds).toBe(35);
    expect(argsOf(usual).join()).not.toContain('shutdown-delay');
    expect(objectOf(usual, 'Deployment').spec.template.spec).not.toHaveProperty('terminationGracePeriodSeconds');
  });

  test('has a priority only when asked, unlike metrics-server, which can go without', () => {
    const priorityOf = (synthesize: (chart: Chart) => void) => {
      const chart = testChart();
      synthesize(chart);
      return objectOf(chart, 'Deployment').spec.template.spec.priorityClassName;
    };

    expect(priorityOf((chart) => new ExtensionApiServer(chart, 'it', WARDLE))).toBeUndefined();
    expect(priorityOf((chart) => new ExtensionApiServer(chart, 'it', { ...WARDLE, priorityClassName: 'high' }))).toBe('high');
    expect(priorityOf((chart) => new MetricsServer(chart, 'it'))).toBe('system-cluster-critical');
    expect(priorityOf((chart) => new MetricsServer(chart, 'it', { priorityClassName: '' }))).toBeUndefined();
  });

  test('gets the rights it asks for', () => {
    const chart = testChart();
    new ExtensionApiServer(chart, 'wardle', {
      ...WARDLE, clusterRules: [{ nonResourceUrls: ['/metrics'], verbs: ['get'] }, { apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
    });

    expect(objectOf(chart, 'ClusterRole').rules).toEqual([
      { nonResourceURLs: ['/metrics'], verbs: ['get'] }, { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
    ]);
    expect(objectOf(chart, 'ClusterRoleBinding', 'wardle.zoo').subjects).toEqual([{ kind: 'ServiceAccount', name: 'wardle', namespace: 'zoo' }]);
  });

  test.each([
    ['discovery', 'system'], ['system', 'discovery'], ['auth-delegator', 'kube-system'], ['metrics-server', 'zoo'],
  ])('named %s in %s, leaves Kubernetes\' own roles alone', (name, namespace) => {
    const chart = testChart();
    const clusterRules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
    new ExtensionApiServer(chart, 'it', { ...WARDLE, name, namespace, clusterRules }).addNanny();

    const names = chart.toJson().filter(({ kind, metadata }) => /^ClusterRole/.test(kind) || metadata.namespace === 'kube-system').map(({ metadata }) => metadata.name);
    expect(names.filter((n) => n.startsWith('system:'))).toEqual([]);
  });

  test('shares no name with one of the same name in another namespace', () => {
    const clusterWide = (namespace: string) => {
      const chart = testChart();
      const clusterRules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
      new ExtensionApiServer(chart, 'it', { ...WARDLE, clusterRules, namespace }).addNanny();
      return chart.toJson().filter(({ kind, metadata }) => kind !== 'APIService' && metadata.namespace !== namespace).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    };

    expect(clusterWide('one').sort()).toEqual([
      'RoleBinding wardle.one:auth-reader', 'ClusterRole wardle.one', 'ClusterRoleBinding wardle.one', 'ClusterRoleBinding wardle.one:auth-delegator',
      'ClusterRole wardle.one:nanny', 'ClusterRoleBinding wardle.one:nanny',
    ].sort());
    expect(clusterWide('two').filter((name) => clusterWide('one').includes(name))).toEqual([]);
  });

  test('lets each object be patched, with fields it knows nothing of', () => {
    const chart = testChart();
    const server = new ExtensionApiServer(chart, 'wardle', WARDLE);
    server.deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/fieldOfTomorrow', { a: [] }));
    server.aggregatedApiService.service!.metadata.addAnnotation('example.com/a', 'b');

    expect(objectOf(chart, 'Deployment').spec.template.spec.fieldOfTomorrow).toEqual({ a: [] });
    expect(objectOf(chart, 'Service').metadata.annotations).toEqual({ 'example.com/a': 'b' });
    expect(ApiObject.of(server)).toBe(server.deployment);
  });

  test('is refused beside another of its name in the chart, which would be the same objects', () => {
    const server = (scope: Chart, id: string, group: string, props: object = {}) => new ExtensionApiServer(scope, id, {
      name: 'wardle',
      image: 'wardle:1',
      groupVersions: [{ group, version: 'v1' }],
      servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
      ...props,
    });
    const [twice, elsewhere] = [testChart({ namespace: 'zoo' }), testChart({ namespace: 'zoo' })];
    ['a', 'b'].forEach((id) => server(twice, id, `${id}.example.com`));
    ['a', 'b'].forEach((id) => server(elsewhere, id, `${id}.example.com`, { namespace: id }));

    expect(() => twice.toJson()).toThrow(/\[test\/b\] name: given 'wardle, so that the ServiceAccount wardle is test\/a\/ServiceAccount as well'; allowed: each object once in a chart/);
    expect(() => elsewhere.toJson()).not.toThrow();
  });

  test('named as an object that someone wrote by hand, before it or after it, is said at synth', () => {
    const byHand = (chart: Chart) => new ApiObject(chart, 'by-hand', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'wardle', namespace: 'zoo' } });
    const server = (chart: Chart) => new ExtensionApiServer(chart, 'server', WARDLE);

    for (const order of [[byHand, server], [server, byHand]]) {
      const chart = testChart();
      order.forEach((make) => make(chart));
      expect(() => chart.toJson()).toThrow('[test/server] name: given \'wardle, so that the Deployment wardle is test/by-hand as well\'');
    }
  });
});
