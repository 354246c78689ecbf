import { ScrapeFailureReason, ScrapeOutcome } from './outcome';
import { Logger } from '../telemetry/logger';

/** What is expected to fail, only those who ask for this verbosity read about, as with metrics-server about nodes that are not ready. */
const EXPECTED_VERBOSITY = 4;

/** One line, and one call of `onChange`, when a node begins to fail, fails for another reason, or recovers; silence in between. */
export class OutcomeLog {
  private readonly reported = new Map<string, ScrapeFailureReason>();

  constructor(private readonly logger: Logger, private readonly onChange: (outcome: ScrapeOutcome) => void = () => {}) {}

  /** `failuresBefore` are those of this node in a row, `nodesFailing` all nodes that fail now; `expected` is why nobody wonders at a failure. */
  note(outcome: ScrapeOutcome, counts: { readonly failuresBefore: number; readonly nodesFailing: number }, expected: string | undefined): void {
    const { node, address, failure } = outcome;
    const { failuresBefore, nodesFailing } = counts;
    const reported = this.reported.get(node);
    if (failure?.reason === reported) return;
    if (!failure) {
      this.reported.delete(node);
      this.onChange(outcome);
      this.logger.info('Scraping the node works again', { node, address, failures: failuresBefore, nodesFailing });
      return;
    }
    const fields = { node, address, reason: failure.reason, err: failure.message, nodesFailing };
    if (expected !== undefined) return this.logger.verbose(EXPECTED_VERBOSITY, `Failed to scrape node, ${expected}`, fields);
    this.reported.set(node, failure.reason);
    this.onChange(outcome);
    this.logger.warn('Failed to scrape node', fields);
  }

  forget(node: string): void {
    this.reported.delete(node);
  }
}
