import { Clock, Random } from '../clock';
import { Seen, ClusterReader } from './cluster-reader';
import { ClusterConfig } from '../cluster/cluster-config';
import { LabelSets } from '../cluster/label-sets';
import { NodeRecord } from '../cluster/node';
import { nodeRecord, WireNode } from '../cluster/nodes';
import { KubeletOptions } from '../flags/options';
import { kubeletClient } from '../kubelets';
import { KubeletClient } from '../scrape/kubelet-client';
import { ScrapeOutcome } from '../scrape/outcome';
import { Page } from '../scrape/page';
import { readPage } from '../scrape/read-page';

/** A kubelet, asked as the server asks it. */
export interface KubeletVisit {
  readonly node: NodeRecord;
  readonly outcome: ScrapeOutcome;
}

export interface KubeletVisitOptions {
  readonly reader: ClusterReader;
  readonly kubelet: KubeletOptions;
  /** Whose credentials kubelets are shown. */
  readonly config: ClusterConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

const MAX_IN_FLIGHT = 32;
const TIMEOUT_MS = 5_000;

/**
 * Asks each kubelet for its page once. Credentials are shown only to kubelets whose certificate is verified, also when the
 * server does not verify them: they may be an administrator's.
 */
export async function visitKubelets(options: KubeletVisitOptions): Promise<Seen<readonly KubeletVisit[]>> {
  const { reader, kubelet, config, clock, signal } = options;
  const nodes = await reader.list<WireNode>('/api/v1/nodes');
  if (nodes.why !== undefined) return nodes;
  const labels = new LabelSets();
  const wanted = nodes.object.map((node) => nodeRecord(node, labels)).filter((node) => kubelet.nodeSelector.matches(node.labels.values));
  const client = kubeletClient({ ...kubelet, insecureTls: false, requestTimeoutMs: Math.min(kubelet.requestTimeoutMs, TIMEOUT_MS) }, config, clock);
  const close = () => client.close();
  signal.addEventListener('abort', close);
  try {
    const visits = await visitAll(wanted, client, new Page(options.random));
    signal.throwIfAborted();
    return { object: visits };
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

async function visitAll(nodes: readonly NodeRecord[], client: KubeletClient, page: Page): Promise<KubeletVisit[]> {
  const visits: KubeletVisit[] = [];
  const queue = nodes.values();
  const work = async () => {
    for (const node of queue) {
      const outcome = await client.fetch(node, (body, startedMs) => readPage(body, startedMs, page));
      if (outcome) visits.push({ node, outcome });
    }
  };
  await Promise.all(Array.from({ length: MAX_IN_FLIGHT }, work));
  return visits.sort((a, b) => a.node.name < b.node.name ? -1 : 1);
}
