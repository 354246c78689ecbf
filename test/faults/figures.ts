import { API, Lab, RESOLUTION_MS } from './lab';
import { Answer } from '../runtime/server/client';
import { HOUSEKEEPING_INTERVAL_MS } from '../simulated-cluster/fleet';

/** What is served of a node or pod. */
interface Item {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly timestamp: string;
  readonly usage?: Usage;
  readonly containers?: readonly { readonly name: string; readonly usage: Usage }[];
}

type Usage = Readonly<Record<string, string>>;

/** A kubelet's figures are as old as its last look at a container, and it is asked so often. */
const MAX_AGE_MS = HOUSEKEEPING_INTERVAL_MS + RESOLUTION_MS + 5_000;

/** A simulated node has 4 cores and 8 GiB. */
const MAX_NANOCORES = 4e9;
const MAX_MEMORY_BYTES = 8 * 2 ** 30;

/** Age of the figures of each node and pod, in ms: `node-1`, `shop/cart-…`. */
export async function ages(lab: Lab): Promise<ReadonlyMap<string, number>> {
  const nowMs = Date.now();
  return new Map((await items(lab)).map((item) => [nameOf(item), nowMs - Date.parse(item.timestamp)]));
}

/** Everything that a lab's clients see, without what changes from moment to moment: equal before and after a fault. */
export async function answers(lab: Lab): Promise<object> {
  const [livez, readyz, discovery, stranger, viewer, aggregated, metrics] = await Promise.all([
    lab.ask('/livez?verbose'),
    lab.ask('/readyz?verbose'),
    lab.asAdmin(API),
    lab.ask(`${API}/nodes`),
    lab.asViewer(`${API}/pods`),
    lab.cluster.request('GET', `${API}/nodes`),
    lab.metrics(),
  ]);
  return {
    figures: (await items(lab)).map(described),
    livez: [livez.status, livez.body],
    readyz: [readyz.status, readyz.body],
    discovery: [discovery.status, JSON.parse(discovery.body)],
    stranger: stranger.status,
    viewer: [viewer.status, itemsOf(viewer).length],
    aggregated: [aggregated.code, aggregated.body.items?.length],
    failingNodes: [...metrics].filter(([series, value]) => series.startsWith('metrics_server_kubelet_failing_nodes') && value > 0),
  };
}

async function items(lab: Lab): Promise<Item[]> {
  const lists = await Promise.all([`${API}/nodes`, `${API}/pods`].map((path) => lab.asAdmin(path)));
  return lists.flatMap(itemsOf);
}

function itemsOf({ body }: Answer): Item[] {
  try {
    return JSON.parse(body).items ?? [];
  } catch {
    return [];
  }
}

function described(item: Item): object {
  const parts = item.containers ?? [{ name: 'node', usage: item.usage ?? {} }];
  return {
    name: nameOf(item),
    isFresh: Date.now() - Date.parse(item.timestamp) <= MAX_AGE_MS,
    usage: parts.map(({ name, usage }) => [name, Object.keys(usage).sort(), isAbsurd(usage) ? usage : 'plausible']),
  };
}

/** No fault makes a container use more than its node has. */
export function isAbsurd({ cpu = '0', memory = '0' }: Usage): boolean {
  const nanocores = /^\d+n$/.test(cpu) ? Number(cpu.slice(0, -1)) : /^\d+u$/.test(cpu) ? Number(cpu.slice(0, -1)) * 1e3 : /^\d+m$/.test(cpu) ? Number(cpu.slice(0, -1)) * 1e6 : Number(cpu) * 1e9;
  const [, amount, unit = ''] = /^(\d+)([KMG]i)?$/.exec(memory) ?? [];
  const bytes = Number(amount) * 1024 ** ['', 'Ki', 'Mi', 'Gi'].indexOf(unit);
  return !(nanocores >= 0 && nanocores <= MAX_NANOCORES && bytes >= 0 && bytes <= MAX_MEMORY_BYTES);
}

function nameOf({ metadata: { namespace, name } }: Item): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
