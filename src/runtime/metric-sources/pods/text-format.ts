import { SeriesSelector } from '../../../_facts/series-selector';

/** One series of a page. */
export interface PageSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** By `# TYPE`; undefined where the page does not say. */
  readonly isCounter: boolean | undefined;
}

/** A page that many series of one metric are chosen from is most often a selector that says too little. */
const MAX_SERIES = 1000;

/** More is nothing that a metric is chosen or shown by. */
const MAX_LABEL_CHARACTERS = 4096;
const MAX_LINE_CHARACTERS = 64 * 1024;
/** Of the lines that a selector may choose from: each is matched, which blocks whatever else is to be done. */
const MAX_PAGE_CHARACTERS = 512 * 1024;

const LABEL = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/y;
/** Behind the value may be a time and, in OpenMetrics, an exemplar: neither is read. */
const VALUE = /\s*(\S+)/y;
const TYPE = /^# TYPE\s+(\S+)\s+(\S+)\s*$/;
const COUNTER_SUFFIX = /_(?:total|count|sum|bucket)$/;

/**
 * Reads what a selector chooses of a page in Prometheus' text format, or in OpenMetrics. Other lines are looked at no further; `onLine` is
 * told how long those are that the selector is asked about. @throws Error with the line
 */
export function selectedSeries(
  page: string, { name, matches }: SeriesSelector, onLine: (characters: number) => void = () => {},
): readonly PageSeries[] {
  const family = name.replace(COUNTER_SUFFIX, '');
  const types = new Map<string, string>();
  const selected: PageSeries[] = [];
  let number = 0;
  let characters = 0;
  for (let begin = 0; begin < page.length;) {
    const newline = page.indexOf('\n', begin);
    const end = newline < 0 ? page.length : newline;
    number++;
    if (page.startsWith('# TYPE', begin)) {
      const [, metric = '', type = ''] = TYPE.exec(page.slice(begin, end).trimEnd()) ?? [];
      if (metric === name || metric === family) types.set(metric, type);
    } else if (page.startsWith(name, begin) && /[{\s]/.test(page[begin + name.length] ?? '')) {
      characters += end - begin;
      if (characters > MAX_PAGE_CHARACTERS) throw new Error(`it has more than ${MAX_PAGE_CHARACTERS} characters of ${name}; have the pods say less`);
      if (end - begin > MAX_LINE_CHARACTERS) throw new Error(`line ${number} has more than ${MAX_LINE_CHARACTERS} characters`);
      onLine(end - begin);
      const { labels, value } = readSeries(page.slice(begin + name.length, end), number);
      if (matches(labels)) selected.push({ labels: copied(labels), value, isCounter: isCounter(name, family, types, labels) });
      if (selected.length > MAX_SERIES) throw new Error(`it has more than ${MAX_SERIES} series of ${name}; choose fewer by their labels`);
    }
    begin = end + 1;
  }
  return selected;
}

function readSeries(text: string, line: number): Pick<PageSeries, 'labels' | 'value'> {
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

/** V8 makes of a part of a text a reference to the whole, so that a label would keep its page. */
function copied(labels: PageSeries['labels']): PageSeries['labels'] {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, Buffer.from(value).toString()]));
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  return /^[+-]?(?:\d|\.\d)/.test(text) && !Number.isNaN(Number(text)) ? Number(text) : undefined;
}

/** Of a histogram and a summary, everything but the quantiles counts up; OpenMetrics declares `x` for `x_total`. */
function isCounter(name: string, family: string, types: ReadonlyMap<string, string>, labels: PageSeries['labels']): boolean | undefined {
  const type = types.get(name) ?? types.get(family);
  if (type === undefined || type === 'untyped' || type === 'unknown') return undefined;
  if (type === 'histogram' || type === 'summary') return name !== family && labels.quantile === undefined;
  return type === 'counter';
}
