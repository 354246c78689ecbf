import { MAX_LABEL_CHARACTERS } from '../limits';

/** One series of a page. */
export interface PageSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** By `# TYPE`; undefined where the page does not say. */
  readonly isCounter: boolean | undefined;
}

const LABEL = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/y;
/** Behind the value may be a time and, in OpenMetrics, an exemplar: neither is read. */
const VALUE = /\s*(\S+)/y;
const TYPE = /^# TYPE\s+(\S+)\s+(\S+)\s*$/;

/** What follows the name in a line. @throws Error with the line */
export function readSeries(text: string, line: number): Pick<PageSeries, 'labels' | 'value'> {
  const labels: Record<string, string> = {};
  let at = 0;
  if (text.startsWith('{')) {
    at = 1;
    for (let more = true; more;) {
      LABEL.lastIndex = at;
      const found = LABEL.exec(text);
      if (!found) break;
      if (Math.max(found[1].length, found[2].length) > MAX_LABEL_CHARACTERS) {
        throw new Error(`line ${line} has a label of more than ${MAX_LABEL_CHARACTERS} characters`);
      }
      labels[found[1]] = found[2].replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
      at = LABEL.lastIndex;
      more = found[3] !== '';
    }
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (text[at++] !== '}') throw new Error(`line ${line} is not of the text format: its labels do not end`);
  }
  VALUE.lastIndex = at;
  const value = numberOf(VALUE.exec(text)?.[1]);
  if (value === undefined) throw new Error(`line ${line} is not of the text format: it has no value`);
  return { labels, value };
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  return /^[+-]?(?:\d|\.\d)/.test(text) && !Number.isNaN(Number(text)) ? Number(text) : undefined;
}

/** Of which metric a `# TYPE` line says what. */
export function typeIn(line: string): readonly [metric: string, type: string] {
  const [, metric = '', type = ''] = TYPE.exec(line.trimEnd()) ?? [];
  return [metric, type];
}

/** Of a histogram and a summary, everything but the quantiles counts up; OpenMetrics declares `x` for `x_total`. */
export function isCounter(name: string, family: string, types: ReadonlyMap<string, string>, labels: PageSeries['labels']): boolean | undefined {
  const type = types.get(name) ?? types.get(family);
  if (type === undefined || type === 'untyped' || type === 'unknown') return undefined;
  if (type === 'histogram' || type === 'summary') return name !== family && labels.quantile === undefined;
  return type === 'counter';
}
