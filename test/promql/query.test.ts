import { parseQuery } from '../../src/promql/_query';

const ANY = 'any';

/** Labels that a result may have, and whether it may have others. */
function labelsOf(query: string): string[] | typeof ANY {
  const { labels } = parseQuery(query);
  return labels.known ? [...labels.known] : ANY;
}

function allowedIn(query: string): string {
  try {
    parseQuery(query);
    return '';
  } catch (error) {
    return (error as { allowed: string }).allowed;
  }
}

test.each<[string, string[] | typeof ANY]>([
  ['http_requests_total', ANY],
  ['{"http.requests", job="shop"}', ANY],
  ['sum(a)', []],
  ['sum by (namespace, pod) (rate(a{b="c"}[2m]))', ['namespace', 'pod']],
  ['sum(rate(a[2m])) by (namespace, pod,)', ['namespace', 'pod']],
  ['SUM BY (pod) (a)', ['pod']],
  ['sum by ("service.name", pod) (a)', ['service.name', 'pod']],
  ['sum by (namespace, pod) (sum by (pod) (a))', ['pod']],
  ['topk by (x) (3, sum by (pod) (a))', ['pod']],
  ['count_values by (pod) ("version", a)', ['pod', 'version']],
  ['quantile by (pod) (0.9, a)', ['pod']],
  ['histogram_quantile(0.9, sum by (le, pod) (rate(a[5m])))', ['pod']],
  ['label_replace(sum(a), "pod", "$1", "instance", "(.*)")', ['pod']],
  ['label_join(sum by (a) (b), "pod", "-", "a")', ['a', 'pod']],
  ['clamp_max(sum by (pod) (a), 5)', ['pod']],
  ['-(sum by (pod) (a offset 5m @ end()))', ['pod']],
  ['max_over_time(sum by (pod) (a)[5m:30s])', ['pod']],
  ['avg_over_time((a[5m]))', ANY],
  ['vector(1)', []],
  ['time() - 5', []],
  ['hour()', []],
  ['absent(a{pod="b"})', ANY],
  ['sum by (pod) (a) * 100', ['pod']],
  ['100 * sum by (pod) (a)', ['pod']],
  ['sum by (pod, code) (a) / on (pod) sum by (pod, code) (b)', ['pod']],
  ['sum by (pod, code) (a) / sum by (pod, code) (b)', ['pod', 'code']],
  ['sum by (pod, code) (a) / ignoring (code) sum by (pod) (b)', ['pod']],
  ['sum by (pod) (a) * on (pod) group_left (node) b', ['pod', 'node']],
  ['a * on (pod) group_right (node) sum by (pod, code) (b)', ['pod', 'code', 'node']],
  ['sum by (pod) (a) / sum by (pod) (b)', ['pod']],
  ['sum by (pod, code) (a) and on (pod) b', ['pod', 'code']],
  ['sum by (pod, code) (a) unless b', ['pod', 'code']],
  ['sum by (pod, code) (a) or sum by (pod) (b)', ['pod']],
])('the result of %s has the labels %j', (query, labels) => {
  expect(labelsOf(query)).toEqual(labels);
});

test('what without takes away, a result does not have', () => {
  const { labels } = parseQuery('sum without (pod, le) (a)');

  expect([labels.has('pod'), labels.has('namespace')]).toEqual([false, true]);
  expect(parseQuery('sum by (pod, namespace) (sum without (pod) (a))').labels.known).toEqual(['namespace']);
  expect(parseQuery('sum without (pod) (a) or sum without (code) (b)').labels.has('code')).toBe(false);
  expect(parseQuery('sum without (pod) (a) or sum by (pod, code) (b)').labels.known).toEqual(['code']);
});

test.each([
  ['a{b=~"("}', 'PromQL with regular expressions as Go has them; '],
  ['sum by (pod) (rate(a{b!~"x(?=y)"}[2m]))', 'PromQL with regular expressions as Go has them; '],
  ['{"http.requests", b=~"*"}', 'PromQL with regular expressions as Go has them; '],
  ['a{b=~"5\\."}', 'texts without \\., which is no escape; in an expression write \\\\., or the text between backticks'],
  ['label_replace(a, "b", "$1", "c", "\\d")', 'texts without \\d, which is no escape'],
])('%s is refused, since Prometheus reads its texts otherwise', (query, allowed) => {
  expect(allowedIn(query)).toContain(allowed);
});

test.each(['a{b=~"5.."}', 'a{b=~"5\\\\."}', 'a{b=~`5\\.`}', "a{b='\\''}", 'a{b="\\u00fc\\x41\\101\\n"}', 'a{b="("}'])('%s is read as Prometheus reads it', (query) => {
  expect(allowedIn(query)).toBe('');
});

test.each([
  ['', 'PromQL; an expression is expected at its end'],
  ['rate(a[2m]', 'PromQL; ")" or "," is expected at its end'],
  ['sum by (pod) rate(a[2m])', 'PromQL; an operator or the end is expected at line 1, column 14, in place of rate(a[2m])'],
  ['sum by (pod) (\n  a{b="c" "d"}\n)', 'PromQL; "}" or "," is expected at line 2, column 11, in place of "d"}\n)'],
  ['sum by (pod rate(a[2m]))', '")" or "," is expected at line 1, column 13, in place of rate(a[2m]))'],
  ['a{b=c}', 'a text in quotes is expected at line 1, column 5, in place of c}'],
  ['a{b="c}', 'the quote that ends a text is expected at its end'],
  ['a[5x]', '"]" is expected at line 1, column 4, in place of x]'],
  ['sum by (<<.GroupBy>>) (<<.Series>>{<<.LabelMatchers>>})', 'line 1, column 9, in place of <<.GroupBy>>'],
  ['rates(a[2m])', 'PromQL'],
  ['a[5m]', 'gives a range vector'],
  ['"text"', 'gives a string'],
  ['rate(a)', 'rate() of a range, as in rate(a[5m])'],
  ['rate(sum(a))', 'rate() of a range'],
  ['abs(a[5m])', 'abs() of values at one moment'],
  ['sum(a[5m])', 'sum() of a vector; a[5m] is a range vector'],
  ['sum(1)', 'sum() of a vector; 1 is a scalar'],
  ['sum()', 'sum() of a vector'],
  ['a[5m] > 1', 'operators between vectors and scalars'],
  ['rate(sum(a)[5m])', 'needs a subquery, as in [5m:]'],
  ['max_over_time(1[5m:])', 'a subquery of a vector'],
])('%j is refused', (query, allowed) => {
  expect(allowedIn(query)).toContain(allowed);
});

test('tells over which ranges of samples it compares', () => {
  const windows = (query: string) => parseQuery(query).rateWindows.map(({ expression, windowMs }) => [expression, windowMs]);

  expect(windows('sum(rate(a[2m])) / sum(increase(b[1h30m] offset 5m))')).toEqual([['rate(a[2m])', 120_000], ['increase(b[1h30m] offset 5m)', 5_400_000]]);
  expect(windows('max_over_time(irate((a[30s]))[5m:])')).toEqual([['irate((a[30s]))', 30_000]]);
  // One sample is enough for these, and the steps of a subquery are no scrapes.
  expect(windows('avg_over_time(a[10s]) + rate(sum(a)[10s:1s])')).toEqual([]);
});
