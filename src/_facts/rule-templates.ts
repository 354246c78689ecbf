import { Fields } from './go-template/template';

/** What templates of prometheus-adapter's rules may use: those of a query, and those of a label that names a resource. */
export const QUERY_FIELDS = {
  Series: 'text', LabelMatchers: 'text', LabelValuesByName: 'map', GroupBy: 'text', GroupBySlice: 'list',
} as const satisfies Fields;
export const LABEL_FIELDS = { Group: 'text', Resource: 'text' } as const satisfies Fields;
