import { Clock } from '../../clock';
import { DiscoveryRule } from '../configuration/discovery-rule';
import { QueryAnswer } from '../samples';
import { SharedQueries } from '../shared-queries';
import { SourceError } from '../source-error';
import { Sources } from '../sources';

/** Asks the source of a rule. */
export class RuleQueries {
  private readonly shared = new SharedQueries<QueryAnswer>();

  constructor(private readonly sources: Sources, private readonly clock: Clock) {}

  /** @throws StatusError that says why there is no answer */
  async ask({ source }: Pick<DiscoveryRule, 'source'>, query: string, signal: AbortSignal): Promise<QueryAnswer> {
    const prometheus = this.sources.get(source);
    try {
      return await this.shared.run(`${prometheus.name} ${query}`, signal, (shared) => prometheus.query(query, this.clock.now(), shared));
    } catch (error) {
      throw error instanceof SourceError ? error.toStatus() : error;
    }
  }
}
