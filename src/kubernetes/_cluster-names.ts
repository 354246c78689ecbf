/** Names of a server's objects that the whole cluster shares, and of its RoleBinding in kube-system. */
export interface ClusterNames {
  /** ClusterRole with the server's own rights, and its binding. */
  readonly clusterRole: string;
  readonly authDelegator: string;
  readonly authReader: string;
  /** Binding of Kubernetes' own ClusterRole for whoever administers kubelets. */
  readonly kubeletApiAdmin: string;
  /** ClusterRole of the nanny beside the server, and its binding. */
  readonly nanny: string;
  /** ClusterRole of who scrapes the server's own metrics, and its binding. */
  readonly metricsReader: string;
  /** ClusterRole of an adapter that lists what its metrics are of, and its binding. */
  readonly describedObjects: string;
  /** Roles of an adapter that makes metrics of what stands in objects, and their bindings. */
  readonly metricObjects: string;
  /** ClusterRole of an adapter that asks other adapters, and its binding. */
  readonly otherAdapters: string;
  /** ClusterRole of who reads an adapter's metrics, and the beginning of its bindings' names. */
  readonly customMetricsReader: string;
  /** ClusterRole of who asks an adapter where values come from, and the beginning of its bindings' names. */
  readonly metricsExplainer: string;
  /** ClusterRole of who reads what a metrics server knows of each node, and the beginning of its bindings' names. */
  readonly debugNodesReader: string;
}

/** As in metrics-server's own manifests, so that ours take over what those created. */
const METRICS_SERVER: ClusterNames = {
  clusterRole: 'system:metrics-server',
  authDelegator: 'metrics-server:system:auth-delegator',
  authReader: 'metrics-server-auth-reader',
  kubeletApiAdmin: 'metrics-server:system:kubelet-api-admin',
  nanny: 'system:metrics-server-nanny',
  metricsReader: 'metrics-server:metrics-reader',
  describedObjects: 'metrics-server:described-objects',
  metricObjects: 'metrics-server:metric-objects',
  otherAdapters: 'metrics-server:other-adapters',
  customMetricsReader: 'metrics-server:custom-metrics-reader',
  metricsExplainer: 'metrics-server:metrics-explainer',
  debugNodesReader: 'metrics-server:debug-nodes-reader',
};

/**
 * A namespace has no dot, so `<name>.<namespace>` stands for one server, and never begins with `system:`, with which the names of
 * Kubernetes' own roles begin: a ClusterRole `system:discovery` would replace the one that lets every user find the APIs.
 */
export function clusterNames(name: string, namespace: string): ClusterNames {
  if (namespace === 'kube-system' && name === 'metrics-server') return METRICS_SERVER;
  const server = `${name}.${namespace}`;
  return {
    clusterRole: server,
    authDelegator: `${server}:auth-delegator`,
    authReader: `${server}:auth-reader`,
    kubeletApiAdmin: `${server}:kubelet-api-admin`,
    nanny: `${server}:nanny`,
    metricsReader: `${server}:metrics-reader`,
    describedObjects: `${server}:described-objects`,
    metricObjects: `${server}:metric-objects`,
    otherAdapters: `${server}:other-adapters`,
    customMetricsReader: `${server}:custom-metrics-reader`,
    metricsExplainer: `${server}:metrics-explainer`,
    debugNodesReader: `${server}:debug-nodes-reader`,
  };
}
