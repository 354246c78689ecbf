import { Re2, Re2SyntaxError } from './re2/re2';
import { TextCursor } from './text-cursor';

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
/** Space that no brace follows is not the selector's. */
const OPENING = /\s*\{/y;

/** Reads the selector that begins at the cursor, and steps behind it. Names with other characters stand in single quotes. @throws SeriesSelectorError */
export function readSeriesSelector(cursor: TextCursor): SeriesSelector {
  const need = (pattern: RegExp, wanted: string): string => {
    cursor.take(SPACE);
    const found = cursor.take(pattern);
    if (found === undefined) throw new SeriesSelectorError(`there is ${cursor.found}, where a selector has ${wanted}`, cursor.at);
    return found;
  };
  const name = cursor.take(QUOTED_NAME)?.slice(1, -1) ?? need(NAME, 'the name of a metric');
  const matchers: ((labels: Labels) => boolean)[] = [];
  if (cursor.take(OPENING) === undefined) return { name, matches: () => true };
  for (cursor.take(SPACE); !cursor.skip('}'); cursor.take(SPACE)) {
    if (matchers.length > 0) {
      need(/,/y, ', or }');
      cursor.take(SPACE);
      // PromQL takes a comma behind the last one.
      if (cursor.skip('}')) break;
    }
    const label = need(LABEL, 'the name of a label or }');
    const operator = need(OPERATOR, '=, !=, =~ or !~');
    cursor.take(SPACE);
    const valueAt = cursor.at;
    matchers.push(matcher(label, operator, unquoted(need(VALUE, 'a text in double quotes')), valueAt));
  }
  return { name, matches: (labels) => matchers.every((matches) => matches(labels)) };
}

/** Reads a selector and nothing else. @throws SeriesSelectorError */
export function parseSeriesSelector(text: string): SeriesSelector {
  const cursor = new TextCursor(text.trimEnd(), text.length - text.trimStart().length);
  const selector = readSeriesSelector(cursor);
  if (!cursor.isAtEnd) throw new SeriesSelectorError(`there is ${cursor.found} behind the selector`, cursor.at);
  return selector;
}

function matcher(label: string, operator: string, value: string, valueAt: number): (labels: Labels) => boolean {
  const negated = operator.startsWith('!');
  if (!operator.endsWith('~')) return (labels) => ((labels[label] ?? '') === value) !== negated;
  const expression = anchored(value, valueAt);
  return (labels) => expression.test(labels[label] ?? '') !== negated;
}

/** As Prometheus matches the values of labels: as a whole, whatever they hold. @throws Re2SyntaxError */
export function labelExpression(pattern: string): Re2 {
  return new Re2(`^(?s:${pattern})$`);
}

function anchored(pattern: string, offset: number): Re2 {
  try {
    return labelExpression(pattern);
  } catch (error) {
    if (!(error instanceof Re2SyntaxError)) throw error;
    throw new SeriesSelectorError(`the regular expression cannot be used: ${error.message}`, offset);
  }
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
