import { ScrapeAttempt, ScrapeFailureReason, ScrapeOutcome } from './outcome';

/** What is known of the scrapes of one node. */
export interface NodeScrapes {
  readonly last: ScrapeOutcome;
  /** When the last scrape that succeeded was started, Unix milliseconds; undefined when none has. */
  readonly lastSuccessMs: number | undefined;
  /** Scrapes that have failed since then. */
  readonly failures: number;
  /** By address, the one that the last outcome is about at the end. */
  readonly addresses: readonly AddressScrapes[];
}

/** What is known of the scrapes of one address of a node. */
export interface AddressScrapes {
  readonly address: string;
  readonly attempts: number;
  readonly failures: number;
  readonly last: ScrapeAttempt;
}

/** A node whose address changes all the time is remembered by its latest ones. */
const MAX_ADDRESSES = 8;

/** The one record of what happens between the runtime and each kubelet: log, self-metrics, readiness and /debug/nodes read it. */
export class ScrapeOutcomes {
  private readonly byNode = new Map<string, NodeScrapes>();
  private failingNodes = 0;

  get size(): number {
    return this.byNode.size;
  }

  /** How many nodes fail. */
  get failing(): number {
    return this.failingNodes;
  }

  record(outcome: ScrapeOutcome): void {
    const before = this.byNode.get(outcome.node);
    this.failingNodes += Number(outcome.failure !== undefined) - Number((before?.failures ?? 0) > 0);
    this.byNode.set(outcome.node, {
      last: outcome,
      lastSuccessMs: outcome.failure ? before?.lastSuccessMs : outcome.startedMs,
      failures: outcome.failure ? (before?.failures ?? 0) + 1 : 0,
      addresses: attemptsOf(outcome).reduce(withAttempt, before?.addresses ?? []),
    });
  }

  /** The last outcome of a node. */
  get(node: string): ScrapeOutcome | undefined {
    return this.byNode.get(node)?.last;
  }

  scrapesOf(node: string): NodeScrapes | undefined {
    return this.byNode.get(node);
  }

  forget(node: string): void {
    this.failingNodes -= Number((this.byNode.get(node)?.failures ?? 0) > 0);
    this.byNode.delete(node);
  }

  /** How many nodes fail for each reason. */
  failuresByReason(): ReadonlyMap<ScrapeFailureReason, number> {
    const counts = new Map<ScrapeFailureReason, number>();
    for (const { last: { failure } } of this.byNode.values()) {
      if (failure) counts.set(failure.reason, (counts.get(failure.reason) ?? 0) + 1);
    }
    return counts;
  }

  /** `2 of 3 nodes fail: 1 refused, 1 timeout`; undefined when none does. Names no node. */
  summary(): string | undefined {
    if (this.failing === 0) return undefined;
    const reasons = [...this.failuresByReason()].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} ${reason}`);
    return `${this.failing} of ${this.size} nodes fail: ${reasons.join(', ')}`;
  }
}

function attemptsOf({ address, otherAttempts = [], ...outcome }: ScrapeOutcome): readonly ScrapeAttempt[] {
  return address === undefined ? otherAttempts : [...otherAttempts, { ...outcome, address }];
}

function withAttempt(addresses: readonly AddressScrapes[], last: ScrapeAttempt): readonly AddressScrapes[] {
  const before = addresses.find(({ address }) => address === last.address);
  const attempt = {
    address: last.address,
    attempts: (before?.attempts ?? 0) + 1,
    failures: (before?.failures ?? 0) + Number(last.failure !== undefined),
    last,
  };
  return [...addresses.filter((one) => one !== before), attempt].slice(-MAX_ADDRESSES);
}
