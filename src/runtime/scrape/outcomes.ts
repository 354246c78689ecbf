import { ScrapeAttempt, ScrapeFailureReason, ScrapeOutcome } from './outcome';

/** What is known of the scrapes of one node, now: it changes with the next one. */
export interface NodeScrapes {
  readonly last: ScrapeOutcome;
  /** When the last scrape that succeeded was started, Unix milliseconds; undefined when none has. */
  readonly lastSuccessMs: number | undefined;
  /** Scrapes that have failed since then. */
  readonly failures: number;
  /** By address, the one that the last outcome is about at the end. */
  readonly addresses: readonly AddressScrapes[];
}

/** What is known of the scrapes of one address of a node, now. */
export interface AddressScrapes {
  readonly address: string;
  readonly attempts: number;
  readonly failures: number;
  readonly last: ScrapeAttempt;
}

type Changing<T> = { -readonly [K in keyof T]: T[K] };

interface NodeRecords extends Changing<NodeScrapes> {
  readonly addresses: Changing<AddressScrapes>[];
}

/** A node whose address changes all the time is remembered by its latest ones. */
const MAX_ADDRESSES = 8;

/** The one record of what happens between the runtime and each kubelet: log, self-metrics, readiness and /debug/nodes read it. */
export class ScrapeOutcomes {
  private readonly byNode = new Map<string, NodeRecords>();
  private failingNodes = 0;

  get size(): number {
    return this.byNode.size;
  }

  /** How many nodes fail. */
  get failing(): number {
    return this.failingNodes;
  }

  record(outcome: ScrapeOutcome): void {
    const scrapes = this.of(outcome);
    const { failure } = outcome;
    this.failingNodes += Number(failure !== undefined) - Number(scrapes.failures > 0);
    scrapes.last = outcome;
    if (failure === undefined) scrapes.lastSuccessMs = outcome.startedMs;
    scrapes.failures = failure === undefined ? 0 : scrapes.failures + 1;
    outcome.otherAttempts?.forEach((attempt) => countAttempt(scrapes.addresses, attempt));
    if (isAttempt(outcome)) countAttempt(scrapes.addresses, outcome);
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

  private of(outcome: ScrapeOutcome): NodeRecords {
    let scrapes = this.byNode.get(outcome.node);
    if (scrapes === undefined) this.byNode.set(outcome.node, scrapes = { last: outcome, lastSuccessMs: undefined, failures: 0, addresses: [] });
    return scrapes;
  }
}

/** Of an address, and not that there is none. */
function isAttempt(outcome: ScrapeOutcome): outcome is ScrapeOutcome & ScrapeAttempt {
  return outcome.address !== undefined;
}

function countAttempt(addresses: Changing<AddressScrapes>[], last: ScrapeAttempt): void {
  const index = addresses.findIndex(({ address }) => address === last.address);
  const scrapes = addresses[index] ?? { address: last.address, attempts: 0, failures: 0, last };
  scrapes.attempts++;
  scrapes.failures += Number(last.failure !== undefined);
  scrapes.last = last;
  if (index === addresses.length - 1 && index >= 0) return;
  if (index >= 0) addresses.splice(index, 1);
  addresses.push(scrapes);
  if (addresses.length > MAX_ADDRESSES) addresses.shift();
}
