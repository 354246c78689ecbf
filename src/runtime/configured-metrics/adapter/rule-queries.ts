import { Clock } from '../../clock';
import { SharedQueries } from '../../cluster/shared-queries';
import { MetricNotFoundError } from '../../custom-metrics/metric-errors';
import { Asked, failureOf, nothingFrom, Recorder } from '../../metric-sources/sample-source';
import { QueryAnswer } from '../../prometheus/samples';
import { asQuery, SourceError } from '../../prometheus/source-error';
import { Sources } from '../../prometheus/sources';
import { StatusError } from '../../server/status';
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

  /** An answer that is no value of the metric, for someone to mend. */
  mistake(rule: Pick<DiscoveryRule, 'source'>, query: string, problem: string): StatusError {
    return failureOf(this.asked(rule, query), 'query', problem).toStatus();
  }

  /** An answer without what was asked for. */
  nothing(rule: Pick<DiscoveryRule, 'source'>, query: string, notFound: MetricNotFoundError): StatusError {
    return nothingFrom(this.asked(rule, query), notFound);
  }

  private asked({ source }: Pick<DiscoveryRule, 'source'>, query: string): Asked {
    return { sources: [this.sources.get(source).name], asked: asQuery(query) };
  }
}
