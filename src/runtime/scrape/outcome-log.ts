import { ScrapeFailure, ScrapeOutcome } from './outcome';
import { Feature } from '../../_facts/rights';
import { rightMissingFor } from '../cluster/missing-right';
import { Logger } from '../telemetry/logger';

/** What is expected to fail, only those who ask for this verbosity read about, as with metrics-server about nodes that are not ready. */
const EXPECTED_VERBOSITY = 4;

/**
 * One line, and one call of `onChange`, when a node begins to fail, fails for another reason, or recovers; silence in between. A
 * right that is missing with all kubelets is one line for all: when the first of them fails, and when the last recovers.
 */
export class OutcomeLog {
  private readonly reported = new Map<string, ScrapeFailure>();

  constructor(private readonly logger: Logger, private readonly onChange: (outcome: ScrapeOutcome) => void = () => {}) {}

  /** `failuresBefore` are those of this node in a row, `nodesFailing` all nodes that fail now; `expected` is why nobody wonders at a failure. */
  note(outcome: ScrapeOutcome, counts: { readonly failuresBefore: number; readonly nodesFailing: number }, expected: string | undefined): void {
    const { node, address, failure } = outcome;
    const { failuresBefore, nodesFailing } = counts;
    const reported = this.reported.get(node);
    if (failure?.reason === reported?.reason) return;
    if (!failure) {
      this.reported.delete(node);
      this.onChange(outcome);
      if (this.isOff(reported?.feature)) return;
      const on = reported?.feature?.name;
      this.logger.info('Scraping the node works again', { node, address, failures: failuresBefore, nodesFailing, ...on && { on } });
      return;
    }
    const fields = { node, address, reason: failure.reason, err: failure.message, nodesFailing };
    if (expected !== undefined) return this.logger.verbose(EXPECTED_VERBOSITY, `Failed to scrape node, ${expected}`, fields);
    const { feature } = failure;
    const isKnown = this.isOff(feature);
    this.reported.set(node, failure);
    this.onChange(outcome);
    if (isKnown) return this.logger.verbose(EXPECTED_VERBOSITY, 'Failed to scrape node, a right is missing', fields);
    this.logger.warn('Failed to scrape node', { ...fields, ...feature && rightMissingFor(feature) });
  }

  forget(node: string): void {
    this.reported.delete(node);
  }

  /** Any node fails for want of the feature's right. */
  private isOff(feature: Feature | undefined): boolean {
    if (feature === undefined) return false;
    for (const failure of this.reported.values()) {
      if (failure.feature?.name === feature.name) return true;
    }
    return false;
  }
}
