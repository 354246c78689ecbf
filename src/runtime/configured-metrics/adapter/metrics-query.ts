import { formatMatcher, LabelMatcher } from './label-matchers';
import { Template } from '../../../_facts/go-template/template';
import { StatusError } from '../../server/status';

export interface QueryRequest {
  readonly series: string;
  /** In the order in which they are written. */
  readonly matchers: readonly LabelMatcher[];
  /** Labels that the answer must keep; none for external metrics. */
  readonly groupBy: readonly string[];
}

/** The PromQL of a rule's `metricsQuery`. @throws StatusError when the template cannot give one for this request */
export function metricsQuery(template: Template, { series, matchers, groupBy }: QueryRequest): string {
  const query = rendered(template, {
    Series: series,
    LabelMatchers: matchers.map(formatMatcher).join(','),
    LabelValuesByName: Object.fromEntries(matchers.map(({ label, value }) => [label, value])),
    GroupBy: groupBy.join(','),
    GroupBySlice: groupBy,
  });
  if (query === '') throw StatusError.internalError(`metricsQuery ${JSON.stringify(template.text)} gives an empty query`);
  return query;
}

function rendered(template: Template, values: Parameters<Template['render']>[0]): string {
  try {
    return template.render(values);
  } catch (error) {
    if (error instanceof RangeError) throw StatusError.internalError(`metricsQuery ${JSON.stringify(template.text)} cannot be filled in: ${error.message}`);
    throw error;
  }
}
