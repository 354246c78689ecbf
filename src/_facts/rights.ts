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
  /** Fill `caBundle` of the APIServices that point at the runtime, or remove it again. Cluster-scoped. */
  caBundle: (apiServiceNames: readonly string[]): PolicyRule[] => [
    { apiGroups: ['apiregistration.k8s.io'], resources: ['apiservices'], resourceNames: [...apiServiceNames], verbs: ['list', 'watch', 'patch'] },
  ],
  /** Keep the self-made CA and serving certificate. In the Secret's namespace. */
  servingCertificateSecret: (secretName: string): PolicyRule[] => [
    { apiGroups: [''], resources: ['secrets'], resourceNames: [secretName], verbs: ['list', 'watch', 'patch'] },
  ],
};

/** Field manager of everything the runtime writes. */
export const FIELD_MANAGER = 'cdk8s-metrics-server';
