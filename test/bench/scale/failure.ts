import { ownerOf } from './assignment';
import { COSTS, LEASE, MAX_AGE_SECONDS } from './costs';
import { Scheme } from './shares';

/** What becomes of the nodes of a replica that ends without a word. */
export interface Failure {
  readonly movedNodes: number;
  /** Of the busiest of those who stay, with one core each. */
  readonly handshakeSeconds: number;
  /** Share of all nodes that have no figures at the worst moment. */
  readonly worstWithout: number;
  /** From the end of the replica until every node has figures again. */
  readonly restoredSeconds: number;
}

/** The replica ends at a moment of its cycle, `atSecond`, having renewed its Lease `sinceRenewal` before. */
export function failure(scheme: Scheme, nodes: number, replicas: number, atSecond: number, sinceRenewal: number): Failure {
  const before = Array.from({ length: replicas }, (_, i) => i);
  const after = before.slice(1);
  const queues = new Map(after.map((replica) => [replica, 0]));
  const noticed = LEASE.durationSeconds - sinceRenewal;
  const gaps: { readonly from: number; readonly to: number }[] = [];
  let movedNodes = 0;
  for (let node = 0; node < nodes; node++) {
    if (ownerOf(node, before) !== 0) continue;
    movedNodes++;
    const heir = ownerOf(node, after);
    const queue = queues.get(heir)! + (COSTS.handshakeCpuUs + COSTS.scrapeCpuUs) / 1e6;
    queues.set(heir, queue);
    // Nodes are asked evenly over the cycle.
    const lastScrape = -((atSecond + node / nodes * COSTS.cycleSeconds) % COSTS.cycleSeconds);
    const firstScrape = noticed + queue;
    // Whoever has the earlier sample has a rate at once; others ask again after ten seconds.
    if (scheme === 'copied') gaps.push({ from: lastScrape + MAX_AGE_SECONDS, to: firstScrape });
    else gaps.push({ from: 0, to: firstScrape + 10 });
  }
  const real = gaps.filter(({ from, to }) => to > from);
  const worst = Math.max(0, ...real.map(({ from }) => from).filter((_, i) => i % 97 === 0)
    .map((moment) => real.filter(({ from, to }) => from <= moment && moment < to).length));
  return {
    movedNodes,
    handshakeSeconds: Math.max(...queues.values()),
    worstWithout: worst / nodes,
    restoredSeconds: real.reduce((last, { to }) => Math.max(last, to), 0),
  };
}
