import { expand } from '../../../_facts/re2/expand';
import { DiscoveryRule } from '../configuration/discovery-rule';

/** What a rule calls series in the API. */
export class MetricNames {
  private readonly known = new Map<string, string | undefined>();

  constructor(private readonly rule: Pick<DiscoveryRule, 'filters' | 'name'>) {}

  /** Undefined for a series that the filters leave out, or that would have no name. */
  of(series: string): string | undefined {
    if (!this.known.has(series)) this.known.set(series, this.find(series));
    return this.known.get(series);
  }

  private find(series: string): string | undefined {
    const { filters, name: { matches, as } } = this.rule;
    if (!filters.every(({ expression, isNot }) => expression.test(series) !== isNot)) return undefined;
    const match = matches.match(series);
    return match && (expand(as, matches, match) || undefined);
  }
}
