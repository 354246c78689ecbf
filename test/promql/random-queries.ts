import * as fc from 'fast-check';

const LABELS = ['namespace', 'pod', 'code', 'le', 'nothing', 'offset', 'on'];
const METRICS = ['requests_total', 'errors_total', 'latency_bucket', 'unknown'];

/** Legal names of metrics, most of them. */
const KEYWORDS = [
  'and', 'or', 'unless', 'atan2', 'sum', 'avg', 'count', 'group', 'topk', 'count_values', 'quantile', 'limitk', 'limit_ratio', 'offset', 'OFFSET', 'smoothed', 'anchored',
  'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'fill', 'fill_left', 'fill_right', 'bool', 'start', 'end', 'step', 'range', 'max_of', 'min_of', 'inf', 'nan', 'rate', 'time',
];

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts);
const label = oneOf(...LABELS);
const labels = fc.array(label, { maxLength: 3 }).map((all) => all.join(', '));
const matcher = fc.tuple(oneOf(...LABELS, ...LABELS, '__name__'), oneOf('=', '!=', '=~', '!~'), oneOf('"web-0"', '"shop"', '""', '".*"', '".+"', '"5.."', '"2.*"', '"("')).map((all) => all.join(''));
const name = fc.oneof({ weight: 32, arbitrary: oneOf(...METRICS) }, { weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oneOf(...KEYWORDS) });
const selector = fc.tuple(name, fc.option(fc.array(matcher, { maxLength: 2 }), { freq: 4 })).map(([metric, matchers]) => (matchers || !metric ? `${metric}{${(matchers ?? []).join(',')}}` : metric));
const duration = fc.oneof({ weight: 20, arbitrary: oneOf('5m', '1h30m', '30', '10s') }, { weight: 1, arbitrary: oneOf('0s', '-5m', '5s5m', '5x') });
const modifier = fc.oneof({ weight: 15, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oneOf(' offset 1s', ' offset -1s', ' @ end()', ' @ start() offset 1s', ' offset 1s offset 2s', ' @ 5 @ 6') });
const number = oneOf('0', '1', '0.9', '1e3', 'Inf', 'NaN', '0x1f');
const text = oneOf('"pod"', '"x"', '"$1"', '"a-$1"', '""', '"(.*)"', '"namespace"', '"("', "'web'");

const VECTOR_FUNCTIONS = ['abs', 'ceil', 'sort', 'timestamp', 'scalar', 'absent', 'hour', 'histogram_count', 'round', 'sgn'];
const RANGE_FUNCTIONS = ['rate', 'increase', 'irate', 'max_over_time', 'absent_over_time', 'changes', 'count_over_time', 'last_over_time'];
const AGGREGATIONS = ['sum', 'MAX', 'count', 'group', 'topk', 'quantile', 'count_values', 'bottomk'];
const OPERATORS = ['+', '/', '^', '>', '==', '<=', 'and', 'or', 'unless', 'atan2'];

/** Queries as people write them, right and wrong: what is wrong is most often that types, arguments or modifiers do not go together. */
export const queries: fc.Arbitrary<string> = fc.letrec<Record<'vector' | 'scalar' | 'range' | 'any', string>>((tie) => {
  const nothing = fc.constant('');
  const grouping = fc.option(fc.tuple(oneOf('by', 'without'), labels).map(([word, list]) => `${word} (${list})`), { nil: '' });
  const matching = fc.oneof(
    nothing, nothing, nothing, fc.constant('bool'),
    fc.tuple(oneOf('on', 'ignoring'), labels, oneOf('', '', 'group_left', 'group_right'), fc.option(label, { nil: '' }))
      .map(([word, list, group, included]) => `${word} (${list}) ${group && `${group} (${included})`}`),
  );
  const call = (functions: readonly string[], ...args: fc.Arbitrary<string>[]) => fc.tuple(oneOf(...functions), ...args).map(([one, ...all]) => `${one}(${all.filter(Boolean).join(', ')})`);
  const mostly = (arbitrary: fc.Arbitrary<string>) => fc.oneof({ weight: 30, arbitrary }, { weight: 1, arbitrary: tie('any') }, { weight: 1, arbitrary: nothing });
  return {
    scalar: fc.oneof({ depthSize: 'small' }, number, call(['scalar'], tie('vector')), call(['time', 'pi'])),
    range: fc.oneof(
      fc.tuple(selector, duration, modifier).map(([series, range, moved]) => `${series}[${range}]${moved}`),
      fc.tuple(tie('vector'), oneOf('5m', '5m', '1h30m', '1h30m', '-5m'), oneOf('', '', '10s', '10s', '0s')).map(([inner, range, step]) => `(${inner})[${range}:${step}]`),
    ),
    vector: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(selector, modifier).map((all) => all.join('')),
      fc.tuple(oneOf(...AGGREGATIONS), grouping, fc.oneof(nothing, nothing, nothing, tie('scalar'), text), mostly(tie('vector')))
        .map(([one, by, parameter, inner]) => `${one} ${by} (${[parameter, inner].filter(Boolean).join(', ')})`),
      call(RANGE_FUNCTIONS, mostly(tie('range'))),
      call(VECTOR_FUNCTIONS, mostly(tie('vector'))),
      call(['histogram_quantile', 'vector'], mostly(tie('scalar')), mostly(tie('vector'))),
      call(['clamp_max', 'round'], mostly(tie('vector')), mostly(tie('scalar'))),
      call(['label_replace'], mostly(tie('vector')), text, text, text, text),
      call(['label_join'], mostly(tie('vector')), text, text, mostly(text)),
      fc.tuple(tie('vector'), oneOf(...OPERATORS), matching, fc.oneof(tie('vector'), tie('vector'), tie('scalar'))).map((all) => all.join(' ')),
      fc.tuple(oneOf('-', '', '', ''), tie('vector')).map(([sign, inner]) => `${sign}(${inner})`),
      fc.tuple(oneOf('-', ''), selector, modifier).map((all) => all.join('')),
    ),
    any: fc.oneof(tie('vector'), tie('scalar'), tie('range'), text),
  };
}).vector;
