import { PROMETHEUS_ADAPTER, unverifiedApiService } from './prometheus-adapter-origin';
import { Manifest } from '../golden/compare-manifests';

const RULES = `rules:
- seriesQuery: http_requests_total
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
`;

/** What the chart prometheus-adapter of prometheus-community makes of a release in `monitoring`, as far as names, labels and references go. */
export function prometheusAdapterChart(release: string, { certManager = false }: { readonly certManager?: boolean } = {}): Manifest[] {
  const { name: chart, namespace } = PROMETHEUS_ADAPTER;
  const fullname = release.includes(chart) ? release : `${release}-${chart}`;
  const selector = { 'app.kubernetes.io/name': chart, 'app.kubernetes.io/instance': release };
  const labels = {
    ...selector, 'helm.sh/chart': `${chart}-5.3.0`, 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/component': 'metrics', 'app.kubernetes.io/part-of': chart,
  };
  const object = (apiVersion: string, kind: string, name: string, where: string | undefined, rest: object): Manifest => (
    { apiVersion, kind, metadata: { name, ...where && { namespace: where }, labels }, ...rest }
  );
  const RBAC = 'rbac.authorization.k8s.io/v1';
  const binding = (kind: string, name: string, where: string | undefined, role: string, of: string): Manifest => object(RBAC, kind, name, where, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name: of }, subjects: [{ kind: 'ServiceAccount', name: fullname, namespace }],
  });
  const apiService = (group: string): Manifest => {
    const { spec, metadata }: any = unverifiedApiService(group, { name: fullname, namespace });
    const injected = `${namespace}/${fullname}-root-cert`;
    return object('apiregistration.k8s.io/v1', 'APIService', metadata.name, undefined, certManager
      ? { metadata: { name: metadata.name, labels, annotations: { 'certmanager.k8s.io/inject-ca-from': injected, 'cert-manager.io/inject-ca-from': injected } }, spec: { ...spec, insecureSkipTLSVerify: undefined } }
      : { spec });
  };
  return [
    object('v1', 'ServiceAccount', fullname, namespace, {}),
    object('v1', 'ConfigMap', fullname, namespace, { data: { 'config.yaml': RULES } }),
    object(RBAC, 'ClusterRole', `${chart}-resource-reader`, undefined, { rules: [{ apiGroups: [''], resources: ['namespaces', 'pods', 'services', 'configmaps'], verbs: ['get', 'list', 'watch'] }] }),
    object(RBAC, 'ClusterRole', `${chart}-server-resources`, undefined, { rules: [{ apiGroups: ['custom.metrics.k8s.io'], resources: ['*'], verbs: ['*'] }] }),
    binding('ClusterRoleBinding', `${chart}-system-auth-delegator`, undefined, 'ClusterRole', 'system:auth-delegator'),
    binding('ClusterRoleBinding', `${chart}-resource-reader`, undefined, 'ClusterRole', `${chart}-resource-reader`),
    binding('ClusterRoleBinding', `${chart}-hpa-controller`, undefined, 'ClusterRole', `${chart}-server-resources`),
    binding('RoleBinding', `${chart}-auth-reader`, 'kube-system', 'Role', 'extension-apiserver-authentication-reader'),
    object('v1', 'Service', fullname, namespace, { spec: { ports: [{ port: 443, protocol: 'TCP', targetPort: 'https' }], selector } }),
    object('apps/v1', 'Deployment', fullname, namespace, {
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: fullname,
            containers: [{ name: chart, image: 'registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0', args: ['--config=/etc/adapter/config.yaml', '--secure-port=6443'] }],
          },
        },
      },
    }),
    object('policy/v1', 'PodDisruptionBudget', fullname, namespace, { spec: { maxUnavailable: 1, selector: { matchLabels: selector } } }),
    apiService('custom.metrics.k8s.io'),
  ];
}
