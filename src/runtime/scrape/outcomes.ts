import { ScrapeFailureReason, ScrapeOutcome } from './outcome';

/** The last outcome of each node. */
export class ScrapeOutcomes {
  private readonly byNode = new Map<string, ScrapeOutcome>();

  get size(): number {
    return this.byNode.size;
  }

  record(outcome: ScrapeOutcome): void {
    this.byNode.set(outcome.node, outcome);
  }

  get(node: string): ScrapeOutcome | undefined {
    return this.byNode.get(node);
  }

  forget(node: string): void {
    this.byNode.delete(node);
  }

  /** In no particular order. */
  list(): readonly ScrapeOutcome[] {
    return [...this.byNode.values()];
  }

  /** How many nodes fail for each reason. */
  failuresByReason(): ReadonlyMap<ScrapeFailureReason, number> {
    const counts = new Map<ScrapeFailureReason, number>();
    for (const { failure } of this.byNode.values()) {
      if (failure) counts.set(failure.reason, (counts.get(failure.reason) ?? 0) + 1);
    }
    return counts;
  }
}
