import { Clock, Random } from '../clock';
import { ClusterConfig } from '../cluster/cluster-config';
import { NodeRecord } from '../cluster/node';
import { KubeletOptions } from '../flags/options';
import { kubeletClient } from '../kubelets';
import { KubeletClient } from '../scrape/kubelet-client';
import { ScrapeOutcome } from '../scrape/outcome';
import { Page } from '../scrape/page';
import { readPage } from '../scrape/read-page';
import { silentLogger } from '../telemetry/logger';

/** A kubelet, asked as the server asks it. */
export interface KubeletVisit {
  readonly node: NodeRecord;
  readonly outcome: ScrapeOutcome;
}

export interface KubeletVisits {
  /** Of those that were asked in time, by name of the node. */
  readonly visits: readonly KubeletVisit[];
  /** How many were not. */
  readonly notAsked: number;
}

export interface KubeletVisitOptions {
  readonly nodes: readonly NodeRecord[];
  readonly kubelet: KubeletOptions;
  /** Whose credentials kubelets are shown. */
  readonly config: ClusterConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** For all kubelets together. */
  readonly timeoutMs: number;
}

const MAX_IN_FLIGHT = 32;
const REQUEST_TIMEOUT_MS = 5_000;

/**
 * Asks each kubelet for its page once. Credentials are shown only to kubelets whose certificate is verified, also when the
 * server does not verify them: they may be an administrator's.
 */
export async function visitKubelets({ nodes, kubelet, config, clock, random, signal, timeoutMs }: KubeletVisitOptions): Promise<KubeletVisits> {
  const requestTimeoutMs = Math.min(kubelet.requestTimeoutMs, REQUEST_TIMEOUT_MS);
  const client = kubeletClient({ ...kubelet, insecureTls: false, requestTimeoutMs }, config, clock, silentLogger);
  const close = () => client.close();
  const stop = clock.after(timeoutMs, close);
  signal.addEventListener('abort', close);
  try {
    const visits = await visitAll(nodes, client, new Page(random, null));
    return { visits, notAsked: nodes.length - visits.length };
  } finally {
    stop();
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
