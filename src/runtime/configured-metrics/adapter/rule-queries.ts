import { Clock } from '../../clock';
import { Recorder } from '../../metric-sources/sample-source';
import { QueryAnswer } from '../../prometheus/samples';
import { SharedQueries } from '../../prometheus/shared-queries';
import { asQuery, SourceError } from '../../prometheus/source-error';
import { Sources } from '../../prometheus/sources';
import { DiscoveryRule } from '../configuration/discovery-rule';

/** Asks the source of a rule. */
export class RuleQueries {
  private readonly shared = new SharedQueries<QueryAnswer>();

  constructor(private readonly sources: Sources, private readonly clock: Clock) {}

  /** @throws StatusError that says why there is no answer */
  async ask({ source }: Pick<DiscoveryRule, 'source'>, query: string, signal: AbortSignal, record?: Recorder): Promise<QueryAnswer> {
    const prometheus = this.sources.get(source);
    try {
      const answer = await this.shared.run(`${prometheus.name} ${query}`, signal, (shared) => prometheus.query(query, this.clock.now(), shared));
      record?.({ source: prometheus.name, asked: asQuery(query), answer: JSON.stringify(answer.samples) });
      return answer;
    } catch (error) {
      throw error instanceof SourceError ? error.toStatus() : error;
    }
  }
}
