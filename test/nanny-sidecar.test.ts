import { ApiObject, Duration } from 'cdk8s';
import * as plus27 from 'cdk8s-plus-27';
import * as plus34 from 'cdk8s-plus-34';
import { MetricsServer, NannyEstimator, NannySidecar } from '../src';
import { objectOf, testChart } from './synthesize';

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
      deployment: new MetricsServer(chart, 'ms', { resources: { requests: { memory: '100Mi' } } }), memory: { base: '100Mi', perNode: '2Mi' },
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

  test('refuses pods that get no token, as those of cdk8s-plus do unless asked', () => {
    const chart = testChart();
    const deployment = new plus27.Deployment(chart, 'web', { containers: [{ image: 'web:1' }], replicas: 1 });

    expect(() => new NannySidecar(chart, 'nanny', { deployment })).toThrow('automountServiceAccountToken to true');
  });
});

function plainDeployment(chart: ReturnType<typeof testChart>): ApiObject {
  return new ApiObject(chart, 'web', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
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
