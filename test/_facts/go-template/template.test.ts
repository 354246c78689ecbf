import { readFileSync } from 'fs';
import { join } from 'path';
import { answer, Answer, FIELDS, Question } from './random-templates';
import { Template, TemplateError } from '../../../src/_facts/go-template/template';

/** What Go 1.26's text/template answers (test/e2e/custom/go/template). */
const golden: readonly (Question & { readonly answer: Answer })[] = JSON.parse(
  readFileSync(join(__dirname, '../../golden/go-template/templates.json'), 'utf8'),
);

const FIELD_VALUES = {
  Series: 'http_requests_total',
  LabelMatchers: 'namespace="shop",pod=~"a|b"',
  LabelValuesByName: { pod: 'a|b', namespace: 'shop' },
  GroupBy: 'pod',
  GroupBySlice: ['pod'],
};

function refusal(template: string): string {
  try {
    new Template(template, FIELDS);
  } catch (error) {
    if (error instanceof TemplateError) return `${error.offset}: ${error.message}`;
  }
  return 'taken';
}

describe('a template', () => {
  test('that is known here gives what Go gives', () => {
    const taken = golden.filter((one) => !answer(one).refused);
    expect(taken.length).toBeGreaterThan(500);
    expect(taken.map(answer)).toEqual(taken.map((one) => one.answer));
  });

  test('that Go refuses is refused', () => {
    expect(golden.filter((one) => one.answer.refused && !answer(one).refused)).toEqual([]);
  });

  test.each([
    ['sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)', 'sum(rate(http_requests_total{namespace="shop",pod=~"a|b"}[2m])) by (pod)'],
    ['deployment=~"<<index .LabelValuesByName "pod">>"', 'deployment=~"a|b"'],
    ['<<range $key, $value := .LabelValuesByName>><<if ne $key "namespace">><<$key>>=~"<<$value>>",<<end>><<end>>', 'pod=~"a|b",'],
    ['by (<<- range $i, $v := .GroupBySlice >><<if $i>>,<<end>><<$v>><<- end >>)', 'by (pod)'],
    ['<</* nothing */>><<.GroupBySlice>> <<.LabelValuesByName>>', '[pod] map[namespace:shop pod:a|b]'],
    ['{{.Series}}', '{{.Series}}'],
  ])('%s', (template, text) => {
    expect(new Template(template, FIELDS).render(FIELD_VALUES)).toBe(text);
  });

  test.each([
    ['up{<<.Labels>>}', '5: there is no field .Labels; there are .Series, .LabelMatchers, .LabelValuesByName, .GroupBy, .GroupBySlice'],
    ['<<.Series', '0: << is not closed by >>'],
    ['<<printf "%s" .Series>>', '2: printf is not known; there are index, len, eq, ne, and, or, not, if, else, range and end'],
    ['<<.Series | len>>', '10: pipelines are not known here; write the function first'],
    ['<<if .Series>>', '2: <<end>> is missing'],
    ['<<end>>', '2: end without if or range'],
    ['<<index .Series "a">>', '2: index takes a map and a text, or a list and a number'],
    ['<<$x>>', '2: the variable $x is not defined'],
  ])('%s is refused', (template, message) => {
    expect(refusal(template)).toBe(message);
  });
});
