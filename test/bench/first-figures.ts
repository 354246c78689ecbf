import { RunningServer } from './contender';
import { FrontProxy } from './front-proxy';
import { eventually } from '../e2e/control-plane/eventually';

/** A cluster is never quite at rest: what is missing beyond this share counts as not there yet. */
const SHARE = 0.99;
const TIMEOUT_MS = 180_000;
/** Seldom enough that looking costs little of what is looked at: a list of 10,000 nodes is 5 MB. */
const INTERVAL_MS = 500;
const PARALLEL_LISTS = 4;

/**
 * Seconds from the server's start until it has figures of the fleet's nodes and pods. Pods are counted namespace by namespace:
 * a list of all of them would leave its mark on the memory that is measured next.
 */
export async function firstFiguresSeconds(server: RunningServer): Promise<number> {
  const { fleet: { size }, registered } = server.cluster;
  const frontProxy = new FrontProxy(server);
  const until = async (path: string, expected: number) => eventually(async () => {
    server.assertRunning();
    const { items } = JSON.parse(await frontProxy.get(`/apis/metrics.k8s.io/v1beta1/${path}`)) as { items: unknown[] };
    if (items.length < expected * SHARE) throw new Error(`${path}: ${items.length} of ${expected} have figures\n${server.tail()}`);
  }, TIMEOUT_MS, INTERVAL_MS);
  try {
    await until('nodes', size.nodes);
    const namespaces = Object.entries(registered.podsByNamespace).values();
    await Promise.all(Array.from({ length: PARALLEL_LISTS }, async () => {
      for (const [namespace, pods] of namespaces) await until(`namespaces/${namespace}/pods`, pods);
    }));
    return (Date.now() - server.startedMs) / 1000;
  } finally {
    frontProxy.close();
  }
}
