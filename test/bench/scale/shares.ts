import { ownerOf } from './assignment';
import { COSTS } from './costs';

/**
 * `copied`: each replica tells all others what it scraped, holds everything and answers alone.
 * `asked`: each replica holds its own nodes, and asks the others for their part of every answer.
 */
export type Scheme = 'copied' | 'asked';

/** What the busiest replica needs. */
export interface Share {
  /** Of a core, without requests. */
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly fromKubeletsBytesPerSecond: number;
  readonly fromPeersBytesPerSecond: number;
  /** Between replicas, for one list of all pods. */
  readonly listBytes: number;
}

export function shareOf(scheme: Scheme, nodes: number, replicas: number): Share {
  const names = Array.from({ length: replicas }, (_, i) => i);
  const owned = new Array<number>(replicas).fill(0);
  for (let node = 0; node < nodes; node++) owned[ownerOf(node, names)]++;
  const own = Math.max(...owned);
  const others = scheme === 'copied' ? nodes - own : 0;
  const { cycleSeconds, podsPerNode } = COSTS;
  const heldNodes = own + others;
  return {
    cpuCores: (own * COSTS.scrapeCpuUs + others * COSTS.receiveCpuUs) / 1e6 / cycleSeconds,
    memoryBytes: COSTS.processMemoryBytes + own * COSTS.connectionMemoryBytes + heldNodes * podsPerNode * COSTS.podMemoryBytes,
    fromKubeletsBytesPerSecond: own * COSTS.pageBytes / cycleSeconds,
    fromPeersBytesPerSecond: others * COSTS.containersPerNode * COSTS.pointBytes / cycleSeconds,
    listBytes: scheme === 'asked' ? (nodes - own) * podsPerNode * COSTS.listedPodBytes : 0,
  };
}
