/** What an expression gives, in the words of Prometheus' documentation. */
export type ValueType = 'scalar' | 'vector' | 'range vector' | 'string';

/** What a function or an aggregation takes. */
export interface Signature {
  /** As manuals write it: in brackets what may be left out. */
  readonly text: string;
  readonly takes: readonly ValueType[];
  readonly required: number;
  /** Whether the last one may come several times. */
  readonly repeats: boolean;
}

/** Functions of Prometheus v3 by what they take, those included that have to be enabled there. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  '': 'end pi range start step time',
  'vector': 'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum ln log10 '
    + 'log2 rad scalar sgn sin sinh sort sort_desc sqrt start_timestamp tan tanh timestamp',
  '[vector]': 'day_of_month day_of_week day_of_year days_in_month hour minute month year',
  'scalar': 'vector',
  'range vector': 'absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase irate last_over_time mad_over_time max_over_time '
    + 'min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time',
  'vector, [scalar]': 'round',
  'vector, scalar': 'clamp_max clamp_min',
  'vector, scalar, scalar': 'clamp',
  'vector, [vector]': 'info',
  'vector, [string, …]': 'sort_by_label sort_by_label_desc',
  'vector, string, string, [string, …]': 'label_join',
  'vector, string, string, string, string': 'label_replace',
  'vector, string, scalar, [scalar, …]': 'histogram_quantiles',
  'scalar, vector': 'histogram_quantile',
  'scalar, scalar, vector': 'histogram_fraction',
  'scalar, range vector': 'quantile_over_time',
  'range vector, scalar': 'predict_linear',
  'range vector, scalar, scalar': 'double_exponential_smoothing',
};

const AGGREGATIONS: Readonly<Record<string, string>> = {
  'vector': 'avg count group max min stddev stdvar sum',
  'scalar, vector': 'bottomk limit_ratio limitk quantile topk',
  'string, vector': 'count_values',
};

/** They give a number without labels; others give vectors. */
const SCALAR_FUNCTIONS = ['end', 'pi', 'range', 'scalar', 'start', 'step', 'time'];

const CALLS = [...Object.entries(FUNCTIONS), ...Object.entries(AGGREGATIONS)];
const SIGNATURES: ReadonlyMap<string, Signature> = new Map(CALLS.flatMap(([text, names]) => {
  const shared = signatureOf(text);
  return names.split(' ').map((name): [string, Signature] => [name, shared]);
}));

/** Of a function, or an aggregation in lower case. */
export function signature(name: string): Signature {
  return SIGNATURES.get(name)!;
}

export function givesScalar(name: string): boolean {
  return SCALAR_FUNCTIONS.includes(name);
}

function signatureOf(text: string): Signature {
  const all = text.split(', ').filter((one) => one !== '' && one !== '…]');
  return {
    text,
    takes: all.map((one) => one.replace(/[[\]]/g, '') as ValueType),
    required: all.filter((one) => !one.startsWith('[')).length,
    repeats: text.endsWith('…]'),
  };
}
