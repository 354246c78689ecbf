import { ApiObject, Duration } from 'cdk8s';
import {
  ConfigMapRef, Image, ImagePullPolicy, KubeletAccess, KubeletSource, MetricsReader, MetricsServer,
  NodeAddressType, Rules, SecretRef, ServiceAccountRef, ServingCertificate,
  TaintEffect,
} from '../../src';
import { argsOf, objectOf, testChart } from '../synthesize';

const upstream = (tag: string) => ({ image: Image.upstream(tag), servingCertificate: ServingCertificate.insecureSkipTlsVerify() });

describe('served API versions', () => {
  test('the companion serves v1 beside v1beta1, with equal priority, so that Kubernetes prefers v1', () => {
    const chart = testChart();
    const { server } = new MetricsServer(chart, 'ms');

    expect(server.aggregatedApiService.apiServices.map(({ name }) => name)).toEqual(['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io']);
    expect(objectOf(chart, 'APIService', 'v1.metrics.k8s.io').spec).toMatchObject({ groupPriorityMinimum: 100, versionPriority: 100 });
    expect(objectOf(chart, 'APIService', 'v1beta1.metrics.k8s.io').spec).toMatchObject({ groupPriorityMinimum: 100, versionPriority: 100 });
  });

  test.each(['v0.3.7', 'v0.4.5', 'v0.5.2', 'v0.6.4', 'v0.7.2', 'v0.8.1', 'v0.9.0'])('metrics-server %s serves v1beta1 alone', (tag) => {
    const { server } = new MetricsServer(testChart(), 'ms', upstream(tag));

    expect(server.aggregatedApiService.apiServices.map(({ name }) => name)).toEqual(['v1beta1.metrics.k8s.io']);
  });
});

describe('image', () => {
  test('an own image takes the abilities of the one it is compatible with', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', {
      ...upstream('v0.9.0'),
      image: Image.custom('registry.example.com/ms@sha256:00', { compatibleWith: Image.upstream('v0.6.1') }),
      imagePullPolicy: ImagePullPolicy.ALWAYS,
    });

    const [container] = objectOf(chart, 'Deployment').spec.template.spec.containers;
    expect(container).toMatchObject({ image: 'registry.example.com/ms@sha256:00', imagePullPolicy: 'Always' });
    expect(argsOf(chart)).toContain('--secure-port=4443');
  });

  test.each([
    ['v0.3.6', 'k8s.gcr.io/metrics-server-amd64:v0.3.6'],
    ['v0.3.7', 'registry.k8s.io/metrics-server/metrics-server:v0.3.7'],
    ['v0.9.0', 'registry.k8s.io/metrics-server/metrics-server:v0.9.0'],
  ])('upstream %s is pulled from where it was published', (tag, reference) => {
    expect(Image.upstream(tag).reference).toBe(reference);
  });
});

describe('self-managed serving certificate', () => {
  test('leaves to the server what the server fills in', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { name: 'ms', namespace: 'metrics' });

    const secret = objectOf(chart, 'Secret');
    expect(secret).toEqual({
      apiVersion: 'v1', kind: 'Secret', metadata: { name: 'ms-serving-certificate', namespace: 'metrics', labels: { 'k8s-app': 'ms' } }, type: 'Opaque',
    });
    const { spec } = objectOf(chart, 'APIService', 'v1.metrics.k8s.io');
    expect(Object.keys(spec)).toEqual(['group', 'groupPriorityMinimum', 'service', 'version', 'versionPriority']);
    expect(argsOf(chart).slice(0, 2)).toEqual([
      '--self-managed-cert-secret=metrics/ms-serving-certificate', '--self-managed-cert-service=metrics/ms',
    ]);
  });

  test('gives rights by name, and none to create', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms');

    const rules = [...objectOf(chart, 'ClusterRole', 'system:metrics-server').rules, ...objectOf(chart, 'Role').rules];
    expect(rules).toEqual([
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list', 'watch'] },
      {
        apiGroups: ['apiregistration.k8s.io'],
        resources: ['apiservices'],
        resourceNames: ['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io'],
        verbs: ['list', 'watch', 'patch'],
      },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['metrics-server-serving-certificate'], verbs: ['list', 'watch', 'patch'] },
    ]);
  });

  test('is not needed with the companion image', () => {
    const chart = testChart();
    const { server } = new MetricsServer(chart, 'ms', { servingCertificate: ServingCertificate.insecureSkipTlsVerify() });

    expect(server.servingCertificateSecret).toBeUndefined();
    expect(objectOf(chart, 'APIService', 'v1.metrics.k8s.io').spec.insecureSkipTLSVerify).toBe(true);
    expect(argsOf(chart)).toContain('--cert-dir=/tmp');
  });

  test('is given up by the companion image, which may take its CA back: kube-apiserver refuses to skip verification beside one', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { namespace: 'metrics', servingCertificate: ServingCertificate.insecureSkipTlsVerify() });

    expect(argsOf(chart)).toContain('--remove-ca-bundle-of-service=metrics/metrics-server');
    expect(objectOf(chart, 'ClusterRole', 'metrics-server.metrics').rules).toContainEqual({
      apiGroups: ['apiregistration.k8s.io'],
      resources: ['apiservices'],
      resourceNames: ['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io'],
      verbs: ['list', 'watch', 'patch'],
    });
  });

  test('was never had by an image of metrics-server\'s, which gets neither flag nor right', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { image: Image.upstream('v0.9.0'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() });

    expect(argsOf(chart).join()).not.toContain('ca-bundle');
    expect(JSON.stringify(objectOf(chart, 'ClusterRole', 'system:metrics-server').rules)).not.toContain('apiservices');
  });
});

describe('arguments', () => {
  test('may be flags of the companion image that have no property', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { extraArgs: ['--kubelet-gzip'] });
    expect(argsOf(chart)).toContain('--kubelet-gzip');
  });

  test('stand in a stable order', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', {
      ...upstream('v0.9.0'),
      extraArgs: ['--v=2'],
      scrapeNodeSelector: 'kubernetes.io/os=linux,metrics notin (off, never)',
      metricResolution: Duration.millis(12500),
      kubeletRequestTimeout: Duration.seconds(5),
      kubeletPreferredAddressTypes: [NodeAddressType.EXTERNAL_DNS, NodeAddressType.of('InternalIP')],
      kubeletPort: 10260,
      securePort: 8443,
      kubeletAccess: KubeletAccess.insecureSkipTlsVerify(),
    });

    expect(argsOf(chart)).toEqual([
      '--cert-dir=/tmp',
      '--secure-port=8443',
      '--kubelet-insecure-tls',
      '--kubelet-port=10260',
      '--kubelet-preferred-address-types=ExternalDNS,InternalIP',
      '--kubelet-request-timeout=5s',
      '--metric-resolution=12500ms',
      '--node-selector=kubernetes.io/os=linux,metrics notin (off, never)',
      '--v=2',
    ]);
    expect(objectOf(chart, 'Deployment').spec.template.spec.containers[0].ports).toEqual([{ name: 'https', containerPort: 8443, protocol: 'TCP' }]);
  });

  test('a kubelet port of one\'s own turns off the port of the node\'s status, unless both are asked for', () => {
    const [own, both] = [testChart(), testChart()];
    new MetricsServer(own, 'ms', { kubeletPort: 10251 });
    new MetricsServer(both, 'ms', { kubeletPort: 10251, kubeletUseNodeStatusPort: true });

    expect(argsOf(own)).not.toContain('--kubelet-use-node-status-port');
    expect(argsOf(both)).toEqual(expect.arrayContaining(['--kubelet-port=10251', '--kubelet-use-node-status-port']));
  });

  test('of Events of nodes are written with the right to create them when they are asked for', () => {
    const [asked, not] = [testChart(), testChart()];
    new MetricsServer(asked, 'ms', { nodeEvents: true });
    new MetricsServer(not, 'ms', { nodeEvents: false });
    const right = { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create'] };

    expect(argsOf(asked)).toContain('--node-events');
    expect(asked.toJson()).toContainEqual(expect.objectContaining({ kind: 'ClusterRole', rules: expect.arrayContaining([right]) }));
    expect(argsOf(not)).not.toContain('--node-events');
    expect(JSON.stringify(not.toJson())).not.toContain('events.k8s.io');
  });

  test.each<[KubeletSource, readonly string[]]>([
    [KubeletSource.RESOURCE, ['nodes/metrics']], [KubeletSource.SUMMARY, ['nodes/stats']], [KubeletSource.AUTO, ['nodes/metrics', 'nodes/stats']],
  ])('of which page of kubelets is read is written with the right to read it, %j', (kubeletSource, rights) => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { kubeletSource });

    expect(argsOf(chart)).toContain(`--kubelet-source=${kubeletSource}`);
    const rules = chart.toJson().filter(({ kind }) => kind === 'ClusterRole').flatMap((role) => role.rules);
    expect(rules.flatMap(({ resources }) => resources).filter((resource: string) => resource.startsWith('nodes/'))).toEqual(rights);
  });

  test('of how long figures last and what is known of containers are written when they are asked for', () => {
    const [asked, not] = [testChart(), testChart()];
    new MetricsServer(asked, 'ms', { metricRetention: Duration.minutes(2), watchContainerStates: true });
    new MetricsServer(not, 'ms', { ...upstream('v0.9.0'), watchContainerStates: false });

    expect(argsOf(asked)).toEqual(expect.arrayContaining(['--metric-retention=120s', '--watch-container-states']));
    expect(argsOf(not).join()).not.toMatch(/retention|states/);
  });

  test('of answering no more than metrics-server does is written when it is asked for', () => {
    const [asked, not] = [testChart(), testChart()];
    new MetricsServer(asked, 'ms', { upstreamCompatible: true });
    new MetricsServer(not, 'ms', { upstreamCompatible: false });

    expect(argsOf(asked)).toContain('--upstream-compatible');
    expect(argsOf(not)).not.toContain('--upstream-compatible');
  });

  test.each<[string, object, string | undefined, number | undefined]>([
    ['5 s', {}, '5s', 30],
    ['what is given', { shutdownDelay: Duration.seconds(40) }, '40s', 65],
    ['none, if none is wanted', { shutdownDelay: Duration.seconds(0) }, undefined, undefined],
    ['5 s within a time to end that is given', { terminationGracePeriod: Duration.seconds(6) }, '5s', 6],
    ['none within one that it does not fit into', { terminationGracePeriod: Duration.seconds(5) }, undefined, 5],
    ['none with metrics-server\'s own image', upstream('v0.9.0'), undefined, undefined],
    ['what is given with that', { ...upstream('v0.9.0'), shutdownDelay: Duration.seconds(5) }, '5s', 30],
  ])('pods that end go on serving for %s, and have the time for it', (_, props, delay, graceSeconds) => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', props);

    expect(argsOf(chart).filter((arg) => arg.startsWith('--shutdown-delay'))).toEqual(delay === undefined ? [] : [`--shutdown-delay-duration=${delay}`]);
    expect(objectOf(chart, 'Deployment').spec.template.spec.terminationGracePeriodSeconds).toBe(graceSeconds);
  });

  test('a resolution that just holds the kubelet timeout passes; releases without that timeout do not ask', () => {
    const [fits, old] = [testChart(), testChart()];
    new MetricsServer(fits, 'ms', { metricResolution: Duration.seconds(10), kubeletRequestTimeout: Duration.seconds(9) });
    new MetricsServer(old, 'ms', { ...upstream('v0.6.4'), metricResolution: Duration.seconds(10) });

    expect(argsOf(fits)).toContain('--metric-resolution=10s');
    expect(argsOf(old)).toContain('--metric-resolution=10s');
  });
});

describe('access to kubelets', () => {
  test('with a kubeconfig from a Secret, mounted read-only', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.kubeconfig(SecretRef.fromName('credentials'), 'node.kubeconfig') });

    const { volumes, containers: [container] } = objectOf(chart, 'Deployment').spec.template.spec;
    expect(container.args).toContain('--kubeconfig=/kubeconfig/node.kubeconfig');
    expect(container.volumeMounts).toContainEqual({ name: 'kubeconfig', mountPath: '/kubeconfig', readOnly: true });
    expect(volumes).toContainEqual({ name: 'kubeconfig', secret: { secretName: 'credentials' } });
  });

  test('with a kubeconfig, whose user has the rights to nodes, pods and kubelets in place of the ServiceAccount', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.kubeconfig(SecretRef.fromName('credentials')) });

    const rules: { resources: string[] }[] = objectOf(chart, 'ClusterRole', 'system:metrics-server').rules;
    expect(rules.flatMap(({ resources }) => resources)).toEqual(['apiservices']);
    expect(objectOf(chart, 'ClusterRoleBinding', 'metrics-server:system:auth-delegator').subjects).toHaveLength(1);
  });

  test('with what it knows of each node, for whom that is granted', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms').grantDebugNodes(MetricsReader.user('on-call'));

    const name = 'metrics-server:debug-nodes-reader';
    expect(objectOf(chart, 'ClusterRole', name).rules).toEqual([{ nonResourceURLs: ['/debug/nodes'], verbs: ['get'] }]);
    expect(objectOf(chart, 'ClusterRoleBinding', `${name}:user:on-call`)).toMatchObject({ roleRef: { name }, subjects: [{ kind: 'User', name: 'on-call' }] });
    const other = { image: Image.upstream('v0.9.0'), servingCertificate: ServingCertificate.insecureSkipTlsVerify() };
    expect(() => new MetricsServer(testChart(), 'ms', other).grantDebugNodes(MetricsReader.user('on-call'))).toThrow('the companion image, which alone has the page');
    expect(() => new MetricsServer(testChart(), 'ms', { rbac: false }).grantDebugNodes(MetricsReader.user('on-call'))).toThrow('rbac: false');
  });

  test('with a CA from a ConfigMap', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.certificateAuthority(ConfigMapRef.fromName('kubelet-ca')) });

    const { volumes, containers: [container] } = objectOf(chart, 'Deployment').spec.template.spec;
    expect(container.args).toContain('--kubelet-certificate-authority=/kubelet-ca/ca.crt');
    expect(container.volumeMounts).toContainEqual({ name: 'kubelet-ca', mountPath: '/kubelet-ca', readOnly: true });
    expect(volumes).toContainEqual({ name: 'kubelet-ca', configMap: { name: 'kubelet-ca' } });
  });

  test('with a client certificate from a Secret, whose user has the right to read kubelets in place of the ServiceAccount', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', {
      kubeletAccess: KubeletAccess.clientCertificate(SecretRef.fromName('kubelet-client'), { certificateAuthority: ConfigMapRef.fromName('kubelet-ca') }),
    });

    const { volumes, containers: [container] } = objectOf(chart, 'Deployment').spec.template.spec;
    expect(container.args).toEqual(expect.arrayContaining([
      '--kubelet-certificate-authority=/kubelet-ca/ca.crt',
      '--kubelet-client-certificate=/kubelet-client/tls.crt',
      '--kubelet-client-key=/kubelet-client/tls.key',
    ]));
    expect(container.volumeMounts).toEqual(expect.arrayContaining([
      { name: 'kubelet-ca', mountPath: '/kubelet-ca', readOnly: true }, { name: 'kubelet-client', mountPath: '/kubelet-client', readOnly: true },
    ]));
    expect(volumes).toContainEqual({ name: 'kubelet-client', secret: { secretName: 'kubelet-client' } });
    const rules: { resources: string[] }[] = objectOf(chart, 'ClusterRole', 'system:metrics-server').rules;
    expect(rules.flatMap(({ resources }) => resources)).toEqual(['nodes', 'pods', 'apiservices']);
  });

  test('with the rights of a kubelet\'s administrator, of which the rules warn', () => {
    const [chart, elsewhere] = [testChart(), testChart()];
    const kubeletAccess = KubeletAccess.clusterCa().bindKubeletApiAdmin();
    const { kubeletApiAdminBinding } = new MetricsServer(chart, 'ms', { kubeletAccess });
    new MetricsServer(elsewhere, 'ms', { kubeletAccess, namespace: 'monitoring' });

    expect(kubeletApiAdminBinding?.toJson()).toMatchObject({
      metadata: { name: 'metrics-server:system:kubelet-api-admin' },
      roleRef: { kind: 'ClusterRole', name: 'system:kubelet-api-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'metrics-server', namespace: 'kube-system' }],
    });
    expect(objectOf(elsewhere, 'ClusterRoleBinding', 'metrics-server.monitoring:kubelet-api-admin').subjects[0].namespace).toBe('monitoring');
    expect(Rules.findings(chart).filter(({ ruleId }) => ruleId === 'privileged-kubelet-rights').map(({ path, object }) => [object, path])).toEqual([
      ['ClusterRoleBinding metrics-server:system:kubelet-api-admin', 'roleRef.name'],
    ]);
  });

  test.each([
    ['clientCertificate', KubeletAccess.clientCertificate(SecretRef.fromName('a'))],
    ['kubeconfig', KubeletAccess.kubeconfig(SecretRef.fromName('a'))],
    ['readOnlyPort', KubeletAccess.readOnlyPort()],
  ])('refuses these rights where kubelets do not see the ServiceAccount: %s', (kind, access) => {
    expect(() => new MetricsServer(testChart(), 'ms', { kubeletAccess: access.bindKubeletApiAdmin() }))
      .toThrow(`kubeletAccess: given 'bindKubeletApiAdmin() on KubeletAccess.${kind}()'; allowed: where the ServiceAccount asks kubelets`);
  });

  test('at the read-only port, without the right to read kubelets', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.readOnlyPort() });

    expect(argsOf(chart)).toEqual(expect.arrayContaining(['--deprecated-kubelet-completely-insecure', '--kubelet-port=10255']));
    expect(argsOf(chart)).not.toContain('--kubelet-use-node-status-port');
    expect(JSON.stringify(objectOf(chart, 'ClusterRole', 'system:metrics-server').rules)).not.toContain('nodes/metrics');
  });
});

describe('objects', () => {
  test('take their names from the server\'s, and their namespace from the property, the chart, or kube-system', () => {
    const namespaceIn = (chartNamespace?: string, namespace?: string) => {
      const chart = testChart({ namespace: chartNamespace });
      new MetricsServer(chart, 'ms', { name: 'usage', namespace });
      return objectOf(chart, 'Deployment', 'usage').metadata.namespace;
    };

    expect([namespaceIn(), namespaceIn('monitoring'), namespaceIn('monitoring', 'metrics')]).toEqual(['kube-system', 'monitoring', 'metrics']);
  });

  test('read the authentication settings in kube-system, wherever the server is', () => {
    const chart = testChart({ namespace: 'monitoring' });
    new MetricsServer(chart, 'ms');

    const binding = objectOf(chart, 'RoleBinding', 'metrics-server.monitoring:auth-reader');
    expect(binding.metadata.namespace).toBe('kube-system');
    expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name: 'metrics-server', namespace: 'monitoring' }]);
  });

  test('have no namespace where they are cluster-scoped, in a chart that has one', () => {
    const chart = testChart({ namespace: 'monitoring' });
    new MetricsServer(chart, 'ms').server.addNanny();

    const clusterScoped = chart.toJson().filter(({ kind }) => ['ClusterRole', 'ClusterRoleBinding', 'APIService'].includes(kind));
    expect(clusterScoped).toHaveLength(8);
    expect(clusterScoped.filter(({ metadata }) => 'namespace' in metadata)).toEqual([]);
  });

  test('come with what the properties say', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', {
      replicas: 3,
      labels: { team: 'platform' },
      serviceAccount: ServiceAccountRef.fromName('robot'),
      priorityClassName: 'high',
      nodeSelector: { pool: 'infra' },
      tolerations: [{ key: 'infra', effect: TaintEffect.NO_SCHEDULE }, { key: 'team', value: 'a', effect: TaintEffect.NO_EXECUTE, tolerationSeconds: 60 }],
      resources: { requests: { cpu: '900m' }, limits: { cpu: '1', memory: '1Gi' } },
    });

    const { replicas, selector, template } = objectOf(chart, 'Deployment').spec;
    expect(replicas).toBe(3);
    expect(selector.matchLabels).toEqual({ 'k8s-app': 'metrics-server' });
    expect(template.metadata.labels).toEqual({ 'k8s-app': 'metrics-server', 'team': 'platform' });
    expect(template.spec).toMatchObject({
      serviceAccountName: 'robot',
      priorityClassName: 'high',
      nodeSelector: { pool: 'infra' },
      tolerations: [
        { key: 'infra', operator: 'Exists', effect: 'NoSchedule' },
        { key: 'team', operator: 'Equal', value: 'a', effect: 'NoExecute', tolerationSeconds: 60 },
      ],
    });
    expect(template.spec.containers[0].resources).toEqual({ requests: { cpu: '900m', memory: '200Mi' }, limits: { cpu: '1', memory: '1Gi' } });
    expect(chart.toJson().filter(({ kind }) => kind === 'ServiceAccount')).toEqual([]);
    expect(chart.toJson().filter(({ metadata }) => metadata.labels?.team !== 'platform')).toEqual([]);
  });

  test('follow each other so that APIServices come after what serves them', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms');

    const kinds: string[] = chart.toJson().map(({ kind }) => kind);
    expect(kinds.indexOf('APIService')).toBeGreaterThan(kinds.indexOf('Deployment'));
    expect(kinds.indexOf('APIService')).toBeGreaterThan(kinds.indexOf('Service'));
  });

  test('the Deployment is what the construct stands for', () => {
    const metricsServer = new MetricsServer(testChart(), 'ms');

    expect(ApiObject.of(metricsServer)).toBe(metricsServer.server.deployment);
  });
});
