/** What a metrics server costs, measured, with head-room. docs/sizing.md has the measurements, and how they were taken. */
export interface Costs {
  /** CPU for starting, probes and people, in millicores. */
  readonly baseCpuMilli: number;
  /** CPU for each node, most of it autoscalers that ask for its pods, in millicores. */
  readonly nodeCpuMilli: number;
  /** CPU for scraping each pod, in millicores. */
  readonly podCpuMilli: number;
  /** Memory of an empty server that has answered lists, in megabytes. */
  readonly baseMemoryMb: number;
  /** Memory for each node's connection, in megabytes. */
  readonly nodeMemoryMb: number;
  /** Memory for each pod's samples and metadata, in megabytes. */
  readonly podMemoryMb: number;
}

/** A tenth above what was measured, after ten lists of all pods at once. */
const MEMORY_HEAD_ROOM = 1.1;

export const COMPANION_COSTS: Costs = {
  baseCpuMilli: 50, nodeCpuMilli: 0.15, podCpuMilli: 0.0005, baseMemoryMb: 160, nodeMemoryMb: 0, podMemoryMb: 0.0075,
};

/** Of metrics-server v0.9; lists of all pods that overlap take as much again, each. */
export const UPSTREAM_COSTS: Costs = {
  baseCpuMilli: 50, nodeCpuMilli: 0.15, podCpuMilli: 0.002, baseMemoryMb: 72, nodeMemoryMb: 0, podMemoryMb: 0.019,
};

/** Mean number of pods on a node, and nodes that a server is sized for, where nobody says. */
export const USUAL_PODS_PER_NODE = 30;
export const USUAL_NODES = 100;

/** First release that scrapes as v0.9 does: /metrics/resource, not the Summary API. */
export const UPSTREAM_COSTS_SINCE = 'v0.6.0';

const BYTES_PER_MEBIBYTE = 2 ** 20;

/** Requests as Kubernetes quantities, in whole millicores and whole tens of mebibytes. */
export function requestsFor(costs: Costs, nodes = USUAL_NODES, podsPerNode = USUAL_PODS_PER_NODE): { readonly cpu: string; readonly memory: string } {
  const pods = nodes * podsPerNode;
  const cpuMilli = costs.baseCpuMilli + nodes * costs.nodeCpuMilli + pods * costs.podCpuMilli;
  const memoryMb = MEMORY_HEAD_ROOM * (costs.baseMemoryMb + nodes * costs.nodeMemoryMb + pods * costs.podMemoryMb);
  return { cpu: `${Math.ceil(cpuMilli)}m`, memory: `${Math.ceil(memoryMb * 1e6 / BYTES_PER_MEBIBYTE / 10) * 10}Mi` };
}
