import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import * as plus27 from 'cdk8s-plus-27';
import * as plus34 from 'cdk8s-plus-34';
import { parse } from 'yaml';
import { ConfigMapRef, ImagePullPolicy, MetricsServer, NannyConfiguration, NannyEstimator, NannyOptions, NannySidecar } from '../../src';
import { objectOf, testChart } from '../synthesize';

describe('NannySidecar', () => {
  test('sizes the container in place of its own resources', () => {
    const chart = testChart({ namespace: 'shop' });
    const deployment = plainDeployment(chart);
    new NannySidecar(chart, 'nanny', {
      deployment,
      container: 'web',
      image: 'registry.example.com/addon-resizer:1.8.24',
      memory: { base: '40Mi', perNode: '4Mi' },
      cpu: { base: '40m', perNode: '0.5m' },
      estimator: NannyEstimator.linear(),
      threshold: 10,
      pollPeriod: Duration.seconds(30),
      useMetrics: false,
      resources: { requests: { cpu: '5m' } },
    });

    const [log, web, nanny] = objectOf(chart, 'Deployment').spec.template.spec.containers;
    expect(log.resources).toEqual({ requests: { cpu: '1m' } });
    expect(web).toEqual({ name: 'web', image: 'web:1' });
    expect(nanny).toMatchObject({ name: 'web-nanny', image: 'registry.example.com/addon-resizer:1.8.24', resources: { requests: { cpu: '5m' } } });
    expect(nanny.command).toEqual([
      '/pod_nanny', '--cpu=40m', '--extra-cpu=0.5m', '--memory=40Mi', '--extra-memory=4Mi', '--threshold=10', '--deployment=web', '--container=web',
      '--poll-period=30000', '--estimator=linear',
    ]);
  });

  test('may read its pod, patch its Deployment and count nodes, as the Deployment\'s ServiceAccount', () => {
    const chart = testChart({ namespace: 'shop' });
    new NannySidecar(chart, 'nanny', { deployment: plainDeployment(chart), container: 'web', useMetrics: false });

    expect(objectOf(chart, 'Role')).toMatchObject({
      metadata: { name: 'web-nanny', namespace: 'shop' },
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
        { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['get', 'patch'] },
      ],
    });
    expect(objectOf(chart, 'ClusterRole', 'web.shop:nanny').rules).toEqual([{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }]);
    expect(objectOf(chart, 'RoleBinding').subjects).toEqual([{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }]);
    expect(objectOf(chart, 'ClusterRoleBinding').subjects).toEqual([{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }]);
  });

  test('leaves alone what it does not estimate', () => {
    const chart = testChart();
    new NannySidecar(chart, 'nanny', {
      deployment: new MetricsServer(chart, 'ms', { resources: { requests: { cpu: '', memory: '100Mi' } } }), memory: { base: '100Mi', perNode: '2Mi' },
    });

    const [container, nanny] = objectOf(chart, 'Deployment').spec.template.spec.containers;
    expect(container.resources).toBeUndefined();
    expect(nanny.command.filter((arg: string) => arg.includes('cpu'))).toEqual([]);
  });

  test.each([['cdk8s-plus-27', plus27], ['cdk8s-plus-34', plus34]] as const)('attaches to a Deployment of %s', (_, plus) => {
    const chart = testChart({ namespace: 'shop' });
    const deployment = new plus.Deployment(chart, 'web', {
      metadata: { name: 'web' }, containers: [{ image: 'web:1' }], automountServiceAccountToken: true, replicas: 1,
    });
    new NannySidecar(chart, 'nanny', { deployment });

    const [main, nanny] = objectOf(chart, 'Deployment').spec.template.spec.containers;
    expect(main.resources).toBeUndefined();
    expect(nanny).toMatchObject({
      name: 'web-nanny',
      env: [
        { name: 'MY_POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'MY_POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      ],
      resources: { limits: { cpu: '40m', memory: '25Mi' }, requests: { cpu: '40m', memory: '25Mi' } },
      securityContext: { capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
    });
  });

  test('counts nodes by listing them, which every version of Kubernetes allows', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms').server.addNanny();

    const [, nanny] = objectOf(chart, 'Deployment').spec.template.spec.containers;
    expect(nanny.command.join()).not.toContain('use-metrics');
    expect(objectOf(chart, 'ClusterRole', 'system:metrics-server-nanny').rules).toEqual([{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }]);
  });

  test('has an estimate above zero with each estimator alone', () => {
    const estimate = (estimator: NannyEstimator) => {
      const chart = testChart();
      new MetricsServer(chart, 'ms').server.addNanny({ estimator });
      return objectOf(chart, 'Deployment').spec.template.spec.containers[1].command.slice(1, 5);
    };

    expect(estimate(NannyEstimator.linear())).toEqual(['--cpu=40m', '--extra-cpu=1m', '--memory=40Mi', '--extra-memory=2Mi']);
    expect(estimate(NannyEstimator.exponential())).toEqual(['--cpu=0m', '--extra-cpu=1m', '--memory=0Mi', '--extra-memory=2Mi']);
  });

  describe('says what it will set in a cluster of so many nodes', () => {
    const GCE = {
      cpu: { base: '40m', perNode: '0.5m' }, memory: { base: '40Mi', perNode: '4Mi' }, estimator: NannyEstimator.exponential(16),
    };
    const CHART = {
      cpu: { base: '0m', perNode: '1m' }, memory: { base: '0Mi', perNode: '2Mi' }, estimator: NannyEstimator.exponential(100),
    };

    test.each<[string, NannyOptions, number, string, string]>([
      ['kube-up', GCE, 1, '48m', '104Mi'],
      ['kube-up', GCE, 16, '48m', '104Mi'],
      ['kube-up', GCE, 17, '52m', '136Mi'],
      ['kube-up', GCE, 100, '100500u', '524Mi'],
      ['kube-up', GCE, 500, '344500u', '2476Mi'],
      ['the chart', CHART, 0, '100m', '200Mi'],
      ['the chart', CHART, 100, '100m', '200Mi'],
      ['the chart', CHART, 101, '150m', '300Mi'],
      ['the chart', CHART, 500, '505m', '1010Mi'],
      ['nothing', {}, 225, '225m', '450Mi'],
      ['a linear estimator', { estimator: NannyEstimator.linear() }, 0, '40m', '40Mi'],
      ['a linear estimator', { estimator: NannyEstimator.linear() }, 12, '52m', '64Mi'],
      ['whole cores and Gi', { ...GCE, cpu: { base: '0.5', perNode: '250m' }, memory: { base: '0.5Gi', perNode: '32Mi' } }, 16, '4500m', '1Gi'],
      ['round figures', { ...CHART, cpu: { base: '900m', perNode: '1m' }, memory: { base: '1024', perNode: '0' } }, 100, '1', '1024'],
      ['mixed suffixes', { estimator: NannyEstimator.linear(), cpu: { base: '1e-1', perNode: '100u' }, memory: { base: '1M', perNode: '1Ki' } }, 10, '101m', '1010240'],
      ['less than a Ki', { estimator: NannyEstimator.linear(), memory: { base: '0.5Ki', perNode: '1' }, cpu: { base: '1n', perNode: '0' } }, 1, '1n', '513'],
    ])('as %s sizes it: %j, %i nodes', (_, options, nodes, cpu, memory) => {
      const quantities = { cpu, memory };
      expect(new MetricsServer(testChart(), 'ms').server.addNanny(options).estimate(nodes)).toEqual({ requests: quantities, limits: quantities });
    });

    test('without what it does not manage', () => {
      const nanny = new NannySidecar(testChart(), 'nanny', {
        deployment: new MetricsServer(testChart(), 'ms', { resources: { requests: { cpu: '' } } }), memory: { base: '40Mi', perNode: '2Mi' },
      });

      expect(nanny.estimate(100)).toEqual({ requests: { memory: '240Mi' }, limits: { memory: '240Mi' } });
    });

    test('growing by half, as addon-resizer rounds', () => {
      const nanny = new MetricsServer(testChart(), 'ms').server.addNanny({ ...GCE, cpu: { base: '0', perNode: '1' } });

      const sizes = [16, 17, 25, 37, 55, 82, 122, 182, 272, 407].map((nodes) => nanny.estimate(nodes).requests!.cpu);
      expect(sizes).toEqual(['16', '24', '36', '54', '81', '121', '181', '271', '406', '609']);
    });

    test.each([-1, 1.5, NaN])('and not of %d nodes', (nodes) => {
      expect(() => new MetricsServer(testChart(), 'ms').server.addNanny().estimate(nodes)).toThrow(`nodes: given ${nodes}; allowed: a whole number`);
    });
  });

  describe('reads its estimates from', () => {
    const nannyOf = (options: NannyOptions) => {
      const chart = testChart();
      const { configMap } = new MetricsServer(chart, 'ms').server.addNanny(options);
      const { containers: [, nanny], volumes } = objectOf(chart, 'Deployment').spec.template.spec;
      return { configMap: configMap?.toJson(), nanny, volumes };
    };
    const cpu = { base: '40m', perNode: '0.5m' };
    const memory = { base: '40Mi', perNode: '4Mi' };
    const estimates = (command: string[]) => command.filter((arg) => /cpu|memory/.test(arg));

    test('its arguments', () => {
      const { configMap, nanny, volumes } = nannyOf({ cpu, memory });

      expect(configMap).toBeUndefined();
      expect(nanny.volumeMounts).toBeUndefined();
      expect(volumes).toEqual([{ name: 'tmp-dir', emptyDir: {} }]);
    });

    test('a ConfigMap that holds them, as the chart has it', () => {
      const { configMap, nanny, volumes } = nannyOf({ cpu, memory, configuration: NannyConfiguration.configMap() });

      expect(configMap.metadata).toEqual({ name: 'metrics-server-nanny-config', namespace: 'kube-system', labels: { 'k8s-app': 'metrics-server' } });
      expect(parse(configMap.data.NannyConfiguration)).toEqual({
        apiVersion: 'nannyconfig/v1alpha1', kind: 'NannyConfiguration', baseCPU: '40m', cpuPerNode: '0.5m', baseMemory: '40Mi', memoryPerNode: '4Mi',
      });
      expect(nanny.command.slice(0, 2)).toEqual(['/pod_nanny', '--config-dir=/etc/config']);
      expect(estimates(nanny.command)).toEqual([]);
      expect(nanny.volumeMounts).toEqual([{ name: 'nanny-config-volume', mountPath: '/etc/config', readOnly: true }]);
      expect(volumes).toContainEqual({ name: 'nanny-config-volume', configMap: { name: 'metrics-server-nanny-config' } });
    });

    test('a ConfigMap that the addon manager makes sure of, and that others fill', () => {
      const { configMap, nanny, volumes } = nannyOf({ cpu, memory, configuration: NannyConfiguration.ensureExists('metrics-server-config') });

      expect(configMap.metadata).toMatchObject({ name: 'metrics-server-config', labels: { 'addonmanager.kubernetes.io/mode': 'EnsureExists' } });
      expect(parse(configMap.data.NannyConfiguration)).toEqual({ apiVersion: 'nannyconfig/v1alpha1', kind: 'NannyConfiguration' });
      expect(estimates(nanny.command)).toEqual(['--cpu=40m', '--extra-cpu=0.5m', '--memory=40Mi', '--extra-memory=4Mi']);
      expect(volumes).toContainEqual({ name: 'nanny-config-volume', configMap: { name: 'metrics-server-config' } });
    });

    test('a ConfigMap that exists', () => {
      const { configMap, nanny, volumes } = nannyOf({ configuration: NannyConfiguration.existing(ConfigMapRef.fromName('sizes')) });

      expect(configMap).toBeUndefined();
      expect(nanny.command).toContain('--config-dir=/etc/config');
      expect(volumes).toContainEqual({ name: 'nanny-config-volume', configMap: { name: 'sizes' } });
    });

    test('a ConfigMap in pods that had no volume before', () => {
      const chart = testChart();
      new NannySidecar(chart, 'nanny', { deployment: plainDeployment(chart), container: 'web', configuration: NannyConfiguration.configMap() });

      expect(objectOf(chart, 'Deployment').spec.template.spec.volumes).toEqual([{ name: 'nanny-config-volume', configMap: { name: 'web-nanny-config' } }]);
    });
  });

  test.each([['cdk8s-plus-27', plus27], ['cdk8s-plus-34', plus34]])('leaves a Deployment of %s what it gets later', (_, plus: any) => {
    const chart = testChart();
    const deployment = new plus.Deployment(chart, 'web', { containers: [{ image: 'web:1' }], replicas: 1, automountServiceAccountToken: true });
    new NannySidecar(chart, 'nanny', { deployment, configuration: NannyConfiguration.configMap() });
    deployment.containers[0].mount('/data', plus.Volume.fromEmptyDir(chart, 'later', 'later'));
    deployment.addContainer({ name: 'proxy', image: 'proxy:1' });

    const { volumes, containers } = objectOf(chart, 'Deployment').spec.template.spec;
    expect(volumes.map(({ name }: any) => name)).toEqual(['later', 'nanny-config-volume']);
    expect(containers.map(({ name }: any) => name)).toEqual(['main', 'proxy', expect.stringMatching(/-nanny$/)]);
    expect(containers[0].volumeMounts).toEqual([{ name: 'later', mountPath: '/data' }]);
    expect(containers[0].resources).toBeUndefined();
    expect(containers[2].resources.limits).toEqual({ cpu: '40m', memory: '25Mi' });
  });

  test('is patched by what is patched after it', () => {
    const chart = testChart();
    const { server } = new MetricsServer(chart, 'ms');
    server.addNanny();
    server.deployment.addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/1/image', 'nanny:1'));

    expect(objectOf(chart, 'Deployment').spec.template.spec.containers[1].image).toBe('nanny:1');
  });

  test('is restricted, field by field, but for what is given', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms').server.addNanny({ containerSecurityContext: { runAsUser: 65534 }, imagePullPolicy: ImagePullPolicy.ALWAYS });

    const [, nanny] = objectOf(chart, 'Deployment').spec.template.spec.containers;
    expect(nanny.imagePullPolicy).toBe('Always');
    expect(nanny.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65534,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('replaces its Deployment where the image is too old to patch it', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms').server.addNanny({ image: 'k8s.gcr.io/addon-resizer:1.8.5' });

    expect(objectOf(chart, 'Role', 'metrics-server-nanny').rules[1].verbs).toEqual(['get', 'update']);
  });

  test('takes further arguments that its image knows, and any image that names no release', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms').server.addNanny({
      image: 'registry.example.com/resizer@sha256:0123', scaleUpDelay: Duration.minutes(2), scaleDownDelay: Duration.hours(1), extraArgs: ['--v=4'],
    });

    const [, nanny] = objectOf(chart, 'Deployment').spec.template.spec.containers;
    expect(nanny.command.slice(-3)).toEqual(['--scale-down-delay=3600000ms', '--scale-up-delay=120000ms', '--v=4']);
  });

  test.each([['1.8.1', /or set estimator to NannyEstimator\.linear\(\)$/], ['1.8.0', /to mend it, use such an image$/]])(
    'says what is to be done where addon-resizer %s does not know what holds by default', (release, mend) => {
      expect(() => new MetricsServer(testChart(), 'ms').server.addNanny({ image: `addon-resizer:${release}` })).toThrow(mend);
    },
  );

  test('refuses options that are none', () => {
    expect(() => new MetricsServer(testChart(), 'ms').server.addNanny(null as any)).toThrow('[test/ms/Server] options: given null; allowed: options of a nanny; to mend it, ');
  });

  describe('is refused at synth where a later patch takes away what it relies on', () => {
    const patched = (patch: JsonPatch, props: object = {}) => {
      const chart = testChart({ namespace: 'shop' });
      const deployment = plainDeployment(chart);
      new NannySidecar(chart, 'nanny', { deployment, container: 'web', ...props });
      deployment.addJsonPatch(patch);
      return () => chart.toJson();
    };
    const POD = '/spec/template/spec';

    test.each<[string, JsonPatch, string]>([
      ['one replica', JsonPatch.add('/spec/replicas', 3), "deployment: given 'one with 3 replicas'; allowed: a Deployment of one replica"],
      ['the token', JsonPatch.add(`${POD}/automountServiceAccountToken`, false), "deployment: given 'pods without a ServiceAccount token (automountServiceAccountToken: false)'"],
      ['the name', JsonPatch.replace('/metadata/name', 'other'), "deployment: given 'one whose metadata.name is other since the nanny was added'; allowed: web, which"],
      ['the namespace', JsonPatch.replace('/metadata/namespace', 'other'), "deployment: given 'one whose metadata.namespace is other since the nanny was added'; allowed: shop, which"],
      ['the ServiceAccount', JsonPatch.add(`${POD}/serviceAccountName`, 'other'), "deployment: given 'one whose spec.template.spec.serviceAccountName is other since the nanny was added'; allowed: default, which"],
      ['the container', JsonPatch.replace(`${POD}/containers/1/name`, 'other'), "container: given 'web, which the Deployment has lost since the nanny was added'; allowed: log or other or web-nanny"],
      ['that it manages each resource', JsonPatch.add(`${POD}/containers/1/resources`, { limits: { 'ephemeral-storage': '1Gi' } }), "ephemeral-storage: given 'set on container web, not estimated'"],
    ])('%s', (_, patch, message) => {
      expect(patched(patch)).toThrow(`[test/nanny] ${message}`);
    });

    test('but not another ServiceAccount where rights are granted elsewhere', () => {
      expect(patched(JsonPatch.add(`${POD}/serviceAccountName`, 'other'), { rbac: false })).not.toThrow();
    });

    test('and not what was patched before it came', () => {
      const chart = testChart({ namespace: 'shop' });
      const deployment = plainDeployment(chart);
      deployment.addJsonPatch(JsonPatch.add(`${POD}/serviceAccountName`, 'robot'));
      new NannySidecar(chart, 'nanny', { deployment, container: 'web' });

      expect(objectOf(chart, 'RoleBinding').subjects[0].name).toBe('robot');
    });
  });

  test('refuses a Deployment that gets its name in the cluster', () => {
    const chart = testChart();
    const deployment = plainDeployment(chart, { name: undefined, generateName: 'web-' });

    expect(() => new NannySidecar(chart, 'nanny', { deployment, container: 'web' }))
      .toThrow("[test/nanny] deployment: given 'a Deployment without metadata.name'; allowed: a Deployment with one");
  });

  test('refuses a Deployment without containers, of plain fields and of cdk8s-plus', () => {
    const chart = testChart();
    const empty = new ApiObject(chart, 'empty', { apiVersion: 'apps/v1', kind: 'Deployment' });
    expect(() => new NannySidecar(chart, 'nanny', { deployment: empty })).toThrow(/\[test\/nanny\] container: given undefined; allowed: a container of the Deployment, which has none yet; .*before the nanny$/);

    const later = new plus27.Deployment(chart, 'later', { automountServiceAccountToken: true });
    expect(() => new NannySidecar(chart, 'nanny2', { deployment: later }))
      .toThrow(/^\[test\/nanny2\] deployment: given 'one that cannot be written yet: .*at least 1 container.*; to mend it, add that container before the nanny/);
  });

  test('refuses pods that get no token, as those of cdk8s-plus do unless asked', () => {
    const chart = testChart();
    const deployment = new plus27.Deployment(chart, 'web', { containers: [{ image: 'web:1' }], replicas: 1 });

    expect(() => new NannySidecar(chart, 'nanny', { deployment })).toThrow('automountServiceAccountToken to true');
  });
});

function plainDeployment(chart: ReturnType<typeof testChart>, metadata: object = { name: 'web' }): ApiObject {
  return new ApiObject(chart, 'web', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            { name: 'log', image: 'log:1', resources: { requests: { cpu: '1m' } } },
            { name: 'web', image: 'web:1', resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: 2 } } },
          ],
        },
      },
    },
  });
}
