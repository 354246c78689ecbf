type Labels = Readonly<Record<string, string>>;

/** What a selector holds cannot be read. `offset` is where in the text. */
export class SeriesSelectorError extends Error {
  readonly name = 'SeriesSelectorError';

  constructor(message: string, readonly offset: number) {
    super(message);
  }
}

/** Chooses series as PromQL does: `http_requests_total{code!~"5..",verb="GET"}`. A label that is missing is an empty one. */
export interface SeriesSelector {
  readonly name: string;
  matches(labels: Labels): boolean;
}

const NAME = /[A-Za-z_:][A-Za-z0-9_:.]*/y;
const QUOTED_NAME = /'(?:[A-Za-z0-9_:.-]+)'/y;
const LABEL = /[A-Za-z_][A-Za-z0-9_.]*/y;
const OPERATOR = /=~|!~|!=|=/y;
const VALUE = /"(?:[^"\\\n]|\\[\\"n])*"/y;
const SPACE = /\s*/y;

/** Makes of a regular expression, which stands at an offset, whether it matches a whole text. @throws SeriesSelectorError */
export type CompileExpression = (pattern: string, offset: number) => (text: string) => boolean;

/** Reads the selector that begins at `start`; `end` is behind it. Names with other characters stand in single quotes. @throws SeriesSelectorError */
export function readSeriesSelector(text: string, compile: CompileExpression, start = 0): { readonly selector: SeriesSelector; readonly end: number } {
  let at = start;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    at += found?.length ?? 0;
    return found;
  };
  const need = (pattern: RegExp, wanted: string): string => {
    take(SPACE);
    const found = take(pattern);
    if (found === undefined) throw new SeriesSelectorError(`there is ${at < text.length ? JSON.stringify(text[at]) : 'the end'}, where a selector has ${wanted}`, at);
    return found;
  };
  const name = take(QUOTED_NAME)?.slice(1, -1) ?? need(NAME, 'the name of a metric');
  const matchers: ((labels: Labels) => boolean)[] = [];
  const nameEnd = at;
  take(SPACE);
  if (take(/\{/y) === undefined) return { selector: { name, matches: () => true }, end: nameEnd };
  for (take(SPACE); take(/\}/y) === undefined; take(SPACE)) {
    if (matchers.length > 0) {
      need(/,/y, ', or }');
      take(SPACE);
      // PromQL takes a comma behind the last one.
      if (take(/\}/y) !== undefined) break;
    }
    const label = need(LABEL, 'the name of a label or }');
    const operator = need(OPERATOR, '=, !=, =~ or !~');
    take(SPACE);
    const valueAt = at;
    matchers.push(matcher(label, operator, unquoted(need(VALUE, 'a text in double quotes')), (pattern) => compile(pattern, valueAt)));
  }
  return { selector: { name, matches: (labels) => matchers.every((matches) => matches(labels)) }, end: at };
}

/** Reads a selector and nothing else. @throws SeriesSelectorError */
export function parseSeriesSelector(text: string, compile: CompileExpression): SeriesSelector {
  const { selector, end } = readSeriesSelector(text.trimEnd(), compile, text.length - text.trimStart().length);
  if (end < text.trimEnd().length) throw new SeriesSelectorError(`there is ${JSON.stringify(text[end])} behind the selector`, end);
  return selector;
}

type Compile = (pattern: string) => (text: string) => boolean;

function matcher(label: string, operator: string, value: string, compile: Compile): (labels: Labels) => boolean {
  const negated = operator.startsWith('!');
  if (!operator.endsWith('~')) return (labels) => ((labels[label] ?? '') === value) !== negated;
  const test = compile(value);
  return (labels) => test(labels[label] ?? '') !== negated;
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
