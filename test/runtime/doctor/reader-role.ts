import { KubeObject } from '../../simulated-cluster/kube-object';

const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[], resourceNames?: readonly string[]) => (
  { apiGroups: [apiGroup], resources, ...resourceNames && { resourceNames }, verbs }
);

/** All that the doctor looks at. */
export const READER_ROLE: KubeObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'metrics-server-doctor' },
  rules: [
    rule('', ['nodes', 'pods'], ['list']),
    rule('', ['services'], ['get']),
    rule('', ['configmaps'], ['get'], ['extension-apiserver-authentication']),
    rule('', ['secrets'], ['list'], ['metrics-server-serving-certificate']),
    rule('', ['nodes/metrics', 'nodes/stats'], ['get']),
    rule('apps', ['deployments'], ['list']),
    rule('discovery.k8s.io', ['endpointslices'], ['list']),
    rule('apiregistration.k8s.io', ['apiservices'], ['list']),
    rule('rbac.authorization.k8s.io', ['clusterrolebindings'], ['list']),
    rule('authorization.k8s.io', ['subjectaccessreviews'], ['create']),
    rule('metrics.k8s.io', ['nodes', 'pods'], ['get', 'list']),
  ],
};
