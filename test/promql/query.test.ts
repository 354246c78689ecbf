import { parser } from '@prometheus-io/lezer-promql';
import * as fc from 'fast-check';
import { queries } from './random-queries';
import { LabelSet } from '../../src/promql/_label-set';
import { parseQuery } from '../../src/promql/_query';
import { QueryMistake } from '../../src/promql/_query-mistake';
import { signature } from '../../src/promql/_signatures';

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
  ['label_replace(sum by (instance) (a), "pod", "$1", "instance", "(.*)")', ['instance', 'pod']],
  ['label_replace(sum(a), "namespace", "shop", "", "")', ['namespace']],
  ['label_replace(sum(a), "pod", "web-$1", "instance", "(.*)")', ['pod']],
  // What is made of labels that are not there is empty, which is no label.
  ['label_replace(sum by (pod) (a), "namespace", "$1", "exported_namespace", "(.*)")', ['pod']],
  ['label_replace(a, ("pod"), "${1}", "instance", "(.*)")', ANY],
  ['label_join(sum by (a) (b), "pod", "-", "a")', ['a', 'pod']],
  ['label_join(sum(a), "pod", "", "b", "c")', []],
  ['clamp_max(sum by (pod) (a), 5)', ['pod']],
  ['-(sum by (pod) (a offset 5m @ end()))', ['pod']],
  ['max_over_time(sum by (pod) (a)[5m:30s])', ['pod']],
  ['avg_over_time((a[5m]))', ANY],
  ['vector(1)', []],
  ['time() - 5', []],
  ['hour()', []],
  ['absent(a{pod="b", code=~"5..", "le"="1"} offset 5m)', ['pod', 'le']],
  ['absent(sum by (pod) (a))', []],
  ['absent_over_time(a{pod="b"}[5m])', ['pod']],
  ['histogram_fraction(0, 1, sum by (le, pod) (a))', ['pod']],
  ['histogram_quantiles(sum by (le, pod) (a), "quantile", 0.5, 0.9)', ['pod', 'quantile']],
  ['info(sum by (pod) (a), {version="1"})', ANY],
  ['-sum by (pod) (a)', ['pod']],
  ['sum by (pod) (a) + -sum by (pod) (b)', ['pod']],
  ['vector(1) + -a offset 5m', []],
  ['sum by (pod) (a) * 100', ['pod']],
  ['100 * sum by (pod) (a)', ['pod']],
  ['sum by (pod, code) (a) / on (pod) sum by (pod, code) (b)', ['pod']],
  ['sum by (pod, code) (a) / sum by (pod, code) (b)', ['pod', 'code']],
  ['sum by (pod, code) (a) / ignoring (code) sum by (pod) (b)', ['pod']],
  ['sum by (pod) (a) * on (pod) group_left (node) b', ['pod', 'node']],
  ['a * on (pod) group_right (node) sum by (pod, code) (b)', ['pod', 'code', 'node']],
  ['sum by (pod) (a) * on (pod) group_left (node) sum by (pod) (b)', ['pod']],
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
  ['rate(a)', 'rate(range vector); a is a vector, and a[5m] a range vector'],
  ['rate(sum(a))', 'rate(range vector); sum(a) is a vector, and sum(a)[5m:] a range vector'],
  ['abs(a[5m])', 'abs(vector); a[5m] is a range vector'],
  ['abs(1)', 'abs(vector); 1 is a scalar'],
  ['sum(a[5m])', 'sum(vector); a[5m] is a range vector'],
  ['sum(1)', 'sum(vector); 1 is a scalar'],
  ['sum()', 'sum(vector); this has no arguments'],
  ['topk(a)', 'topk(scalar, vector); this has one argument'],
  ['count_values(3, a)', 'count_values(string, vector); 3 is a scalar'],
  ['histogram_quantile(sum by (le) (a))', 'histogram_quantile(scalar, vector); this has one argument'],
  ['round(a, 1, 2)', 'round(vector, [scalar]); this has 3 arguments'],
  ['hour(a, b)', 'hour([vector]); this has 2 arguments'],
  ['label_join(a, "b")', 'label_join(vector, string, string, [string, …]); this has 2 arguments'],
  ['label_replace(a, "b", "$1", "c", "(")', 'PromQL with regular expressions as Go has them; '],
  ['label_replace(a, "", "$1", "c", "d")', 'names of labels in label_replace(); one is empty'],
  ['count_values("", a)', 'names of labels in count_values(); one is empty'],
  ['label_join(a, "b", "-", "")', 'names of labels in label_join(); one is empty'],
  ['a[5m] > 1', 'operators between vectors and scalars'],
  ['-a[5m]', 'a is none'],
  ['-"text"', 'signs of vectors and scalars; "text" is a string'],
  ['sum by (namespace, pod) (a) or 0', 'or between vectors; 0 is a scalar, of which vector(0) makes a vector'],
  ['1 > 2', 'comparisons of vectors; between two scalars write > bool'],
  ['a + bool b', 'bool behind comparisons alone, such as >; not behind +'],
  ['a + on (x) 1', 'on (…) between vectors, not beside a scalar'],
  ['a and on (x) group_left b', 'and without group_left and group_right'],
  ['a * on (x) group_left (x) b', 'a label either in on (…) or in group_left (…); x is in both'],
  ['sum(rate(a[5m])) offset 1d', 'offset behind a selector or a subquery, as in metric offset 5m, and not behind sum(rate(a[5m]))'],
  ['rate(a[5m]) @ end()', '@ behind a selector or a subquery'],
  ['a offset 5m @ end() offset 1m', 'offset once'],
  ['{job=~".*"}', "selectors with a metric's name or with a label that is not empty; {job=~\".*\"} would choose every series"],
  ['{}', 'would choose every series'],
  ['a{__name__="b"}', "a metric's name once; a{__name__=\"b\"} has two"],
  ['rate(a[0s])', 'durations above zero, as in [5m]; this is 0s'],
  ['rate(a[-5m])', 'durations above zero'],
  ['max_over_time(sum(a)[5m:0s])', 'durations above zero'],
  ['rate(sum(a)[5m])', 'needs a subquery, as in [5m:]'],
  ['max_over_time(1[5m:])', 'a subquery of a vector'],
])('%j is refused', (query, allowed) => {
  expect(allowedIn(query)).toContain(allowed);
});

test.each([
  'offset', 'sum(offset)', 'rate(OFFSET[5m])', 'offset offset 5m', 'a / offset{b="c"}', 'sum by (offset, on) (by) / on (offset) offset', 'sum', 'and and and', 'rate(end[5m])', 'atan2_total atan2 fill',
])('%s has names of metrics that are words of PromQL elsewhere', (query) => {
  expect(allowedIn(query)).toBe('');
});

test.each([
  ['atan2 > 1', 'atan2 between two expressions; as a metric\'s name write {__name__="atan2"}'],
  ['on', 'PromQL'],
  ['group_left{a="b"}', 'PromQL'],
  ['a offset offset', 'PromQL'],
  ['offset(a)', 'PromQL'],
])('%s is refused, whose name can be no metric\'s', (query, allowed) => {
  expect(allowedIn(query)).toContain(allowed);
});

test('tells over which ranges of samples it compares', () => {
  const windows = (query: string) => parseQuery(query).rateWindows.map(({ expression, windowMs }) => [expression, windowMs]);

  expect(windows('sum(rate(a[2m])) / sum(increase(b[1h30m] offset 5m))')).toEqual([['rate(a[2m])', 120_000], ['increase(b[1h30m] offset 5m)', 5_400_000]]);
  expect(windows('max_over_time(irate((a[30s]))[5m:])')).toEqual([['irate((a[30s]))', 30_000]]);
  expect(windows('rate(a[30] @ end()) + rate(b[2m] anchored) + rate(c[2m * 2])')).toEqual([['rate(a[30] @ end())', 30_000], ['rate(b[2m] anchored)', 120_000]]);
  // One sample is enough for these, and the steps of a subquery are no scrapes.
  expect(windows('avg_over_time(a[10s]) + rate(sum(a)[10s:1s])')).toEqual([]);
});

test('any query is read or refused', () => {
  fc.assert(fc.property(fc.oneof(queries, fc.array(queries).map((all) => all.join(' '))), (query) => {
    try {
      expect(parseQuery(query).labels).toBeInstanceOf(LabelSet);
    } catch (error) {
      expect(error).toBeInstanceOf(QueryMistake);
    }
  }), { numRuns: 500 });
});

test('every function of the grammar is known', () => {
  const terms: string[] = parser.nodeSet.types.map(({ name }) => name);
  const functions = terms.slice(terms.indexOf('FunctionIdentifier') + 1, terms.indexOf('MatrixSelector')).filter((name) => name !== 'Identifier');
  const unknown = functions.filter((name) => {
    const words = name.replace('StdDev', 'Stddev').replace('StdVar', 'Stdvar').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
    return !signature(words);
  });
  expect(functions.length).toBeGreaterThan(80);
  expect(unknown).toEqual([]);
});
