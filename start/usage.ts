import { ApiClient } from '../src/runtime/cluster/api-client';

export interface ResourceList {
  readonly cpu: string;
  readonly memory: string;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

export interface Node {
  readonly metadata: Metadata;
  readonly status: { readonly allocatable: ResourceList };
}

export interface NodeMetrics {
  readonly metadata: Metadata;
  readonly usage: ResourceList;
}

export interface PodMetrics {
  readonly metadata: Metadata;
  readonly containers: readonly { readonly name: string; readonly usage: ResourceList }[];
}

/** What kubectl top reads. */
export interface ClusterUsage {
  readonly nodes: readonly Node[];
  readonly nodeMetrics: readonly NodeMetrics[];
  readonly podMetrics: readonly PodMetrics[];
}

/** Reads nodes and metrics; with a simulated cluster both come through its API server. */
export async function readUsage(cluster: ApiClient, metrics: ApiClient): Promise<ClusterUsage> {
  const items = async <T>(api: ApiClient, path: string) => (await api.request<{ items: T[] }>({ path })).items;
  const [nodes, nodeMetrics, podMetrics] = await Promise.all([
    items<Node>(cluster, '/api/v1/nodes'),
    items<NodeMetrics>(metrics, '/apis/metrics.k8s.io/v1beta1/nodes'),
    items<PodMetrics>(metrics, '/apis/metrics.k8s.io/v1beta1/pods'),
  ]);
  return { nodes, nodeMetrics, podMetrics };
}
