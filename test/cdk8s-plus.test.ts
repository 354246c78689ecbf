import { Chart } from 'cdk8s';
import * as plus27 from 'cdk8s-plus-27';
import * as plus34 from 'cdk8s-plus-34';
import { AggregatedApiService, AuthDelegatorBindings, KubeletAccess, MetricsServer } from '../src';
import { objectOf, testChart } from './synthesize';

/** Each is typed on its own: the classes of two cdk8s-plus do not fit each other, and need not. */
describe.each([
  ['cdk8s-plus-27', (chart: Chart) => ({
    serviceAccount: new plus27.ServiceAccount(chart, 'sa', { metadata: { name: 'robot' } }),
    secret: new plus27.Secret(chart, 'secret', { metadata: { name: 'credentials' } }),
    configMap: new plus27.ConfigMap(chart, 'ca', { metadata: { name: 'kubelet-ca' } }),
    service: new plus27.Service(chart, 'service', { metadata: { name: 'wardle' }, ports: [{ port: 443 }] }),
  })],
  ['cdk8s-plus-34', (chart: Chart) => ({
    serviceAccount: new plus34.ServiceAccount(chart, 'sa', { metadata: { name: 'robot' } }),
    secret: new plus34.Secret(chart, 'secret', { metadata: { name: 'credentials' } }),
    configMap: new plus34.ConfigMap(chart, 'ca', { metadata: { name: 'kubelet-ca' } }),
    service: new plus34.Service(chart, 'service', { metadata: { name: 'wardle' }, ports: [{ port: 443 }] }),
  })],
])('objects of %s can be passed', (_, objects) => {
  test('ServiceAccount and Secret to MetricsServer', () => {
    const chart = testChart();
    const { serviceAccount, secret } = objects(chart);
    new MetricsServer(chart, 'ms', { serviceAccount, kubeletAccess: KubeletAccess.kubeconfig(secret) });

    const { serviceAccountName, automountServiceAccountToken, volumes } = objectOf(chart, 'Deployment').spec.template.spec;
    expect(serviceAccountName).toBe('robot');
    // Such a ServiceAccount turns its token off, without which the server could do nothing.
    expect(objectOf(chart, 'ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(automountServiceAccountToken).toBe(true);
    expect(volumes).toContainEqual({ name: 'kubeconfig', secret: { secretName: 'credentials' } });
  });

  test('ConfigMap to MetricsServer', () => {
    const chart = testChart();
    new MetricsServer(chart, 'ms', { kubeletAccess: KubeletAccess.certificateAuthority(objects(chart).configMap) });

    expect(objectOf(chart, 'Deployment').spec.template.spec.volumes).toContainEqual({ name: 'kubelet-ca', configMap: { name: 'kubelet-ca' } });
  });

  test('ServiceAccount to AuthDelegatorBindings, Service to AggregatedApiService', () => {
    const chart = testChart();
    const { serviceAccount, service } = objects(chart);
    new AuthDelegatorBindings(chart, 'auth', { serviceAccount, namespace: 'wardle' });
    new AggregatedApiService(chart, 'api', { service, namespace: 'wardle', groupVersions: [{ group: 'wardle.example.com', version: 'v1' }] });

    expect(objectOf(chart, 'ClusterRoleBinding').subjects).toEqual([{ kind: 'ServiceAccount', name: 'robot', namespace: 'wardle' }]);
    expect(objectOf(chart, 'APIService').spec.service).toEqual({ name: 'wardle', namespace: 'wardle' });
  });
});
