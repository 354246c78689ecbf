import { ScrapeFailureReason, ScrapeOutcome } from './outcome';
import { Logger } from '../telemetry/logger';

/** Nodes that are not ready are expected to fail; only those who ask for this verbosity read about it, as with metrics-server. */
const NOT_READY_VERBOSITY = 4;

/** One line, and one call of `onChange`, when a node begins to fail, fails for another reason, or recovers; silence in between. */
export class OutcomeLog {
  private readonly reported = new Map<string, ScrapeFailureReason>();

  constructor(private readonly logger: Logger, private readonly onChange: (outcome: ScrapeOutcome) => void = () => {}) {}

  /** `failuresBefore` are those of this node in a row, `nodesFailing` all nodes that fail now. */
  note(outcome: ScrapeOutcome, counts: { readonly failuresBefore: number; readonly nodesFailing: number }, nodeReady: boolean): void {
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
    if (!nodeReady) return this.logger.verbose(NOT_READY_VERBOSITY, 'Failed to scrape node, node is not ready', fields);
    this.reported.set(node, failure.reason);
    this.onChange(outcome);
    this.logger.warn('Failed to scrape node', fields);
  }

  forget(node: string): void {
    this.reported.delete(node);
  }
}
