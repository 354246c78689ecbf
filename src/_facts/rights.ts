/** A rule of a Role or ClusterRole, as rbac.authorization.k8s.io/v1 writes it. */
export interface PolicyRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly resourceNames?: string[];
  readonly verbs: string[];
}

/**
 * The Kubernetes rights that each feature of the companion runtime needs, beside delegated authentication and
 * authorization. The construct derives its roles from them; the runtime names the missing right from them.
 */
export const RIGHTS = {
  /** List and watch the nodes to scrape and the pods to serve. */
  inventory: (): PolicyRule[] => [
    { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list', 'watch'] },
  ],
  /** GET /metrics/resource of each kubelet, which authorizes it as a subresource of its node. */
  kubeletMetrics: (): PolicyRule[] => [
    { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
  ],
  /** GET /stats/summary of each kubelet. */
  kubeletStats: (): PolicyRule[] => [
    { apiGroups: [''], resources: ['nodes/stats'], verbs: ['get'] },
  ],
  /** Fill `caBundle` of the APIServices that point at the runtime, or remove it again; see of what else it serves that they do not. Cluster-scoped. */
  caBundle: (apiServiceNames: readonly string[], elsewhere: readonly string[] = []): PolicyRule[] => [
    ...apiServices(apiServiceNames, ['list', 'watch', 'patch']), ...apiServices(elsewhere, ['list', 'watch']),
  ],
  /** Follow the names of the objects that a selector of custom metrics chooses. */
  describedObjects: (group: string, resource: string): PolicyRule[] => [
    { apiGroups: [group], resources: [resource], verbs: ['list', 'watch'] },
  ],
  /** Read what metrics are made of: one object by its name, or follow all of a kind. */
  metricObjects: (group: string, resource: string, name?: string): PolicyRule => (
    { apiGroups: [group], resources: [resource], ...name === undefined ? { verbs: ['list', 'watch'] } : { resourceNames: [name], verbs: ['get'] } }
  ),
  /** Ask other adapters for the metrics of theirs, whatever these are. */
  otherAdapters: (custom: boolean, external: boolean): PolicyRule[] => [
    ...custom ? [{ apiGroups: ['custom.metrics.k8s.io'], resources: ['*'], verbs: ['get'] }] : [],
    ...external ? [{ apiGroups: ['external.metrics.k8s.io'], resources: ['*'], verbs: ['list'] }] : [],
  ],
  /** Tell of nodes by Events. Those of what has no namespace, as nodes, are in `default`. */
  nodeEvents: (): PolicyRule[] => [
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create'] },
  ],
  /** Approve the certificate signing requests of kubelets, which are for this signer alone, and look at their nodes. */
  kubeletServingApproval: (): PolicyRule[] => [
    { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests'], verbs: ['list', 'watch'] },
    { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval'], verbs: ['update'] },
    { apiGroups: ['certificates.k8s.io'], resources: ['signers'], resourceNames: ['kubernetes.io/kubelet-serving'], verbs: ['approve'] },
    { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
  ],
  /** Keep the self-made CA and serving certificate. In the Secret's namespace. */
  servingCertificateSecret: (secretName: string): PolicyRule[] => [
    { apiGroups: [''], resources: ['secrets'], resourceNames: [secretName], verbs: ['list', 'watch', 'patch'] },
  ],
};

/** No name would stand for all of them. */
function apiServices(names: readonly string[], verbs: string[]): PolicyRule[] {
  return names.length === 0 ? [] : [{ apiGroups: ['apiregistration.k8s.io'], resources: ['apiservices'], resourceNames: [...names], verbs }];
}

/** What the runtime does with rights, and does not do without them. */
export interface Feature {
  /** A noun, for `… is off`. */
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  /** The only namespace in which the rights are needed; undefined for the whole cluster. */
  readonly namespace?: string;
}

/** Each feature of the runtime that may be off by itself. */
export const FEATURES = {
  nodes: (): Feature => ({ name: 'scraping of nodes', rules: RIGHTS.inventory().map((rule) => ({ ...rule, resources: ['nodes'] })) }),
  pods: (): Feature => ({ name: 'metrics of pods', rules: RIGHTS.inventory().map((rule) => ({ ...rule, resources: ['pods'] })) }),
  kubeletMetrics: (): Feature => ({ name: 'reading of kubelets', rules: RIGHTS.kubeletMetrics() }),
  kubeletStats: (): Feature => ({ name: 'reading of kubelets\' summaries', rules: RIGHTS.kubeletStats() }),
  caBundle: (apiServiceName: string): Feature => ({ name: `upkeep of caBundle of APIService ${apiServiceName}`, rules: RIGHTS.caBundle([apiServiceName]) }),
  servingCertificateSecret: (namespace: string, name: string): Feature => (
    { name: 'self-managed serving certificate', rules: RIGHTS.servingCertificateSecret(name), namespace }
  ),
  kubeletServingApproval: (): Feature => ({ name: 'approval of kubelet serving certificates', rules: RIGHTS.kubeletServingApproval() }),
  nodeEvents: (): Feature => ({ name: 'Events of nodes', rules: RIGHTS.nodeEvents(), namespace: 'default' }),
  metricObjects: (group: string, resource: string, namespace?: string): Feature => (
    { name: 'following instead of listing', rules: [RIGHTS.metricObjects(group, resource)], namespace }
  ),
  /** Granted by Role extension-apiserver-authentication-reader. */
  authenticationSettings: (): Feature => ({
    name: 'authentication of kube-apiserver and of client certificates',
    rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['extension-apiserver-authentication'], verbs: ['list', 'watch'] }],
    namespace: 'kube-system',
  }),
  /** This and the next are granted by ClusterRole system:auth-delegator. */
  tokenReviews: (): Feature => (
    { name: 'authentication of bearer tokens', rules: [{ apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] }] }
  ),
  subjectAccessReviews: (): Feature => (
    { name: 'authorization', rules: [{ apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] }] }
  ),
};

/** A feature's rights in a line: `list, watch, patch apiservices.apiregistration.k8s.io v1.metrics.k8s.io`. */
export function rightsOf({ rules, namespace }: Feature): string {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return rules.map(({ verbs, apiGroups: [group], resources, resourceNames = [] }) => {
    const what = resources.map((resource) => [group === '' ? resource : `${resource}.${group}`, ...resourceNames].join(' '));
    return `${verbs.join(', ')} ${what.join(', ')}${where}`;
  }).join('; ');
}

/** Field manager of everything the runtime writes. */
export const FIELD_MANAGER = 'cdk8s-metrics-server';
