import * as fc from 'fast-check';
import { Fields, Template, TemplateError } from '../../../src/_facts/go-template/template';

export interface Question {
  readonly template: string;
  readonly fields: {
    readonly Series: string;
    readonly LabelMatchers: string;
    readonly LabelValuesByName: Readonly<Record<string, string>>;
    readonly GroupBy: string;
    readonly GroupBySlice: readonly string[];
  };
}

/** What Go's text/template makes of it, as test/e2e/custom/go/template prints it. */
export interface Answer {
  readonly refused?: true;
  readonly text: string;
}

export const FIELDS: Fields = { Series: 'text', LabelMatchers: 'text', LabelValuesByName: 'map', GroupBy: 'text', GroupBySlice: 'list' };

const OPERANDS = [
  '.Series', '.GroupBy', '.GroupBySlice', '.LabelValuesByName', '.LabelValuesByName.pod', '.LabelValuesByName.nothing', '$.Series', '.', '$k', '$v', '.Nothing',
  '"pod"', '"a\\tb"', '`raw`', '1', '0', 'true', '(index .LabelValuesByName "pod")', '(len .GroupBySlice)', '(eq .Series "up")', '(not .GroupBy)',
];
const operands = (count: number) => fc.array(fc.constantFrom(...OPERANDS), { minLength: count, maxLength: count + 1 }).map((all) => all.join(' '));
const expression = fc.oneof(
  { weight: 3, arbitrary: operands(1) },
  fc.tuple(fc.constantFrom('index', 'len', 'eq', 'ne', 'and', 'or', 'not', 'index .LabelValuesByName', 'eq .Series', 'printf'), operands(1)).map((all) => all.join(' ')),
);
const range = fc.tuple(fc.constantFrom('', '$v := ', '$k, $v := ', '$k,$v:='), fc.constantFrom('.GroupBySlice', '.LabelValuesByName', '.Series'))
  .map(([variables, over]) => `range ${variables}${over}`);
const action = fc.oneof(
  { weight: 3, arbitrary: expression },
  expression.map((condition) => `if ${condition}`),
  range,
  fc.constantFrom('else', 'end', 'end', 'end', 'else if .GroupBy', '/* nothing */', '.Series | len', ''),
);
const piece = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('sum(', ') by (', ' ', '\n', '>>', '{{', ',', '<<') },
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom('<<', '<< ', '<<- ', '<<-'), action, fc.constantFrom('>>', ' >>', ' ->>', '->>')).map((all) => all.join('')) },
);
const text = fc.constantFrom('', 'up', 'pod', 'a b');

/** One in five is a template that is known here. */
export const questions: fc.Arbitrary<Question> = fc.record({
  template: fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')),
  fields: fc.record({
    Series: text,
    LabelMatchers: text,
    LabelValuesByName: fc.dictionary(fc.constantFrom('pod', 'namespace', 'x'), text, { maxKeys: 3, noNullPrototype: true }),
    GroupBy: text,
    GroupBySlice: fc.array(text, { maxLength: 3 }),
  }),
});

export function answer({ template, fields }: Question): Answer {
  try {
    return { text: new Template(template, FIELDS).render(fields) };
  } catch (error) {
    if (!(error instanceof TemplateError || error instanceof RangeError)) throw error;
    return { refused: true, text: '' };
  }
}
