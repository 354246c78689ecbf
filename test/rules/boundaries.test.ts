import { documentsOf, exampleText } from './rule-examples';
import { judge } from '../../src/rules/_judge';

/** Ids of the rules that find something in an example after a change of its text. */
function idsAfter(ruleId: string, from: string | RegExp, to: string, side: 'wrong' | 'right' = 'wrong'): string[] {
  const text = exampleText(ruleId, side);
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return judge(documentsOf(changed)).map(({ rule }) => rule.id);
}

describe('where rules end', () => {
  test.each<[rule: string, what: string, from: string | RegExp, to: string]>([
    ['kubelet-insecure-tls', 'a switch that is off', '--kubelet-insecure-tls', '--kubelet-insecure-tls=false'],
    ['exclusive-kubelet-flags', 'an insecure flag that is off', '--kubelet-insecure-tls', '--kubelet-insecure-tls=false'],
    ['metric-resolution-too-short', 'the shortest resolution', '--metric-resolution=5s', '--metric-resolution=10s'],
    ['metric-resolution-below-housekeeping', 'a resolution of 15 s', '=12s', '=15000ms'],
    ['kubelet-timeout-beyond-resolution', 'a timeout of exactly 0.9 of the resolution', '--kubelet-request-timeout=15s', '--kubelet-request-timeout=13500ms'],
    ['kubelet-timeout-beyond-resolution', 'a release whose timeout followed from the resolution', 'v0.9.0', 'v0.6.4'],
    ['removed-flag', 'a release that had the flag', 'v0.9.0', 'v0.6.4'],
    ['flag-newer-than-image', 'an image whose release is unknown', ':v0.6.4', ':main'],
    ['image-tag-latest', 'a digest', ':latest', `@sha256:${'0'.repeat(64)}`],
    ['image-tag-latest', 'a tag behind a registry with a port', 'registry.k8s.io/metrics-server/metrics-server:latest', 'localhost:5000/metrics-server:v0.9.0'],
    ['single-replica', 'a DaemonSet, which has one for each node', 'kind: Deployment', 'kind: DaemonSet'],
    ['no-disruption-budget', 'one replica', 'replicas: 2', 'replicas: 1'],
    ['budget-blocks-drains', 'a budget that lets one go', 'minAvailable: 2', 'minAvailable: 1'],
    ['budget-blocks-drains', 'a budget for other pods', /(PodDisruptionBudget[^]*)k8s-app: metrics-server/, '$1k8s-app: other'],
    ['host-network-kubelet-port', 'the pod\'s own network', 'hostNetwork: true', 'hostNetwork: false'],
    ['audit-log-not-writable', 'standard output', '--audit-log-path=/var/log/audit/audit.log', '--audit-log-path=-'],
    ['audit-log-not-writable', 'a root that can be written to', 'readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false'],
    ['audit-log-not-writable', 'a server that audits nothing for want of a policy', /.*--audit-policy-file.*\n/, ''],
    ['network-policy-on-host-network', 'a policy for all pods of the namespace', /podSelector:\n    matchLabels:\n      .*/, 'podSelector: {}'],
    ['network-policy-on-host-network', 'a policy of another namespace', /(NetworkPolicy[^]*?)namespace: kube-system/, '$1namespace: other'],
    ['probe-paths-need-authorization', 'a prefix that covers the paths', '=/metrics', '=/*'],
    ['privileged-kubelet-rights', 'a role that is bound to someone else', /- kind: ServiceAccount\n    name: metrics-server/, '- kind: ServiceAccount\n    name: other'],
    ['auth-reader-namespace', 'a namespace left to whoever applies it', '  namespace: monitoring\nroleRef', 'roleRef'],
    ['scrape-without-authorization', 'a client certificate', 'scheme: https', 'tlsConfig: { certFile: /tls.crt, keyFile: /tls.key }'],
    ['scrape-without-authorization', 'another namespace', /(ServiceMonitor\nmetadata:\n  name: \S+\n  namespace: )kube-system/, '$1monitoring'],
    ['nanny-metric-hidden', 'a nanny that lists nodes', '--use-metrics=true', '--use-metrics=false'],
    ['nanny-estimate-zero', 'a base', '--cpu=0m', '--cpu=1m'],
    ['api-service-name', 'Kubernetes\' own APIService of the core group', /name: [^]*/, 'name: v1.\nspec:\n  version: v1\n  groupPriorityMinimum: 18000\n  versionPriority: 1\n'],
    ['service-without-pods', 'pods that may come from elsewhere', /---\napiVersion: apps[^]*/, ''],
    ['ca-bundle-never-filled', 'OpenShift\'s injector', 'spec:', '  annotations:\n    service.beta.openshift.io/inject-cabundle: "true"\nspec:'],
  ])('%s does not concern %s', (rule, _, from, to) => {
    expect(idsAfter(rule, from, to)).not.toContain(rule);
  });

  test.each<[rule: string, what: string, from: string | RegExp, to: string]>([
    ['kubelet-insecure-tls', 'at an image of another name behind metrics.k8s.io', /image: \S+/, 'image: metrics-server'],
    ['metric-resolution-too-short', 'without a unit', '=5s', '=15'],
    ['exclusive-kubelet-flags', 'for a certificate without its key', '--kubelet-insecure-tls', '--kubelet-client-certificate=/tls.crt'],
    ['audit-log-not-writable', 'in a ConfigMap\'s volume', '/var/log/audit/', '/etc/audit/'],
    ['audit-log-not-writable', 'relative to a working directory', /(=)\/var\/log\/audit\/([^]*)securityContext/, '$1$2workingDir: /srv\n          securityContext'],
    ['audit-log-not-writable', 'beside a directory of a longer name', 'mountPath: /etc/audit', 'mountPath: /var/log/aud'],
    ['removed-flag', 'in klog\'s spelling', '--logtostderr', '--skip_headers=true'],
    ['image-tag-latest', 'without a tag', ':latest', ''],
    ['image-tag-latest', 'without a tag, behind a registry with a port', /image: .*/, 'image: localhost:5000/metrics-server'],
    ['budget-blocks-drains', 'in percent', 'minAvailable: 2', 'minAvailable: 100%'],
    ['budget-blocks-drains', 'in percent that are rounded up', 'minAvailable: 2', 'minAvailable: 51%'],
    ['budget-blocks-drains', 'with maxUnavailable', 'minAvailable: 2', 'maxUnavailable: 0'],
    ['privileged-kubelet-rights', 'by wildcard', 'nodes/proxy', '"*"'],
    ['anonymous-access', 'for the group', /kind: User\n    name: system:anonymous/, 'kind: Group\n    name: system:unauthenticated'],
    ['service-target-port', 'by number', 'targetPort: https', 'targetPort: 4443'],
    ['scrape-without-authorization', 'of a PodMonitor', /kind: ServiceMonitor([^]*?)endpoints:/, 'kind: PodMonitor$1podMetricsEndpoints:'],
  ])('%s is found %s', (rule, _, from, to) => {
    expect(idsAfter(rule, from, to)).toContain(rule);
  });

  test('a nanny\'s ConfigMap counts more than its flags', () => {
    const mount = '          volumeMounts: [{ name: config, mountPath: /etc/config }]\n      volumes: [{ name: config, configMap: { name: nanny } }]\n';
    const documents = documentsOf(exampleText('nanny-estimate-zero', 'right').replace('--cpu=0m', '--config-dir=/etc/config') + mount);
    const configMap = (lines: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'nanny' }, data: { NannyConfiguration: lines } });
    const idsWith = (lines: string) => judge([...documents, configMap(lines)]).map(({ rule }) => rule.id);

    expect(idsWith('kind: NannyConfiguration\nbaseCPU: 0m\ncpuPerNode: "0m"')).toContain('nanny-estimate-zero');
    expect(idsWith('kind: NannyConfiguration\nbaseCPU: 0m')).not.toContain('nanny-estimate-zero');
  });
});
