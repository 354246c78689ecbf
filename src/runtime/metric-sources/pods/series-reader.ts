import { StringDecoder } from 'string_decoder';
import { isCounter, PageSeries, readSeries, typeIn } from './text-format';
import { groupByKey } from '../../../_facts/group-by-key';
import { SeriesSelector } from '../../../_facts/series-selector';

/** A page that many series of one metric are chosen from is most often a selector that says too little. */
const MAX_SERIES = 1000;

const MAX_LINE_CHARACTERS = 64 * 1024;
/** Of the lines that a selector may choose from: each is matched, which blocks whatever else is to be done. */
const MAX_PAGE_CHARACTERS = 512 * 1024;
const COUNTER_SUFFIX = /_(?:total|count|sum|bucket)$/;

/** What one metric chooses of a page. */
export interface SeriesChoice {
  readonly selector: SeriesSelector;
  /** Told how long each line is that the selector is asked about. What it throws fails the choice. */
  readonly onLine?: (characters: number) => void;
}

/** What was chosen, or what is wrong with it. */
export type Chosen = readonly PageSeries[] | Error;

/**
 * Reads what selectors choose of a page in Prometheus' text format, or in OpenMetrics, as it arrives: of the page itself no more than a line is held. Other lines are
 * looked at no further.
 */
export class SeriesReader {
  private readonly choices: readonly Choice[];
  /** Those that are still open, by the name of their series. */
  private readonly byName: ReadonlyMap<string, Choice[]>;
  private readonly decoder = new StringDecoder('utf8');
  private readonly types = new Map<string, string>();
  private readonly typed: ReadonlySet<string>;
  /** A line that has not ended yet. */
  private rest = '';
  private isSkipping = false;
  private lines = 0;

  constructor(choices: readonly SeriesChoice[]) {
    this.choices = choices.map((choice) => new Choice(choice));
    this.byName = groupByKey(this.choices.map((choice) => [choice.name, choice]));
    this.typed = new Set(this.choices.flatMap(({ name, family }) => [name, family]));
  }

  push(chunk: Buffer): void {
    this.read(this.decoder.write(chunk));
  }

  /** In the order of the choices. */
  end(): readonly Chosen[] {
    this.read(`${this.decoder.end()}\n`);
    return this.choices.map(({ chosen }) => chosen);
  }

  private read(text: string): void {
    const page = this.rest + text;
    let begin = 0;
    for (let end = page.indexOf('\n'); end >= 0; end = page.indexOf('\n', begin)) {
      if (this.isSkipping) this.isSkipping = false;
      else this.readLine(page, begin, end);
      begin = end + 1;
    }
    this.rest = this.isSkipping ? '' : page.slice(begin);
    if (this.rest.length <= MAX_LINE_CHARACTERS) return;
    // Whoever chooses it is told that it is too long; nobody needs the rest of it.
    this.readLine(page, begin, page.length);
    this.isSkipping = true;
    this.rest = '';
  }

  private readLine(page: string, begin: number, end: number): void {
    this.lines++;
    if (page.startsWith('# TYPE', begin)) {
      const [metric, type] = typeIn(page.slice(begin, end));
      if (this.typed.has(metric)) this.types.set(metric, type);
      return;
    }
    const nameEnd = endOfName(page, begin, end);
    const choices = nameEnd > begin ? this.byName.get(page.slice(begin, nameEnd)) : undefined;
    if (!choices) return;
    let series: ReturnType<typeof readSeries> | undefined;
    const read = () => series ??= readSeries(page.slice(nameEnd, end), this.lines);
    for (const choice of [...choices]) {
      if (choice.read(end - begin, this.lines, read, this.types)) continue;
      choices.splice(choices.indexOf(choice), 1);
    }
  }
}

class Choice {
  readonly name: string;
  readonly family: string;
  private readonly series: PageSeries[] = [];
  private characters = 0;
  private failure: Error | undefined;

  constructor(private readonly choice: SeriesChoice) {
    this.name = choice.selector.name;
    this.family = this.name.replace(COUNTER_SUFFIX, '');
  }

  get chosen(): Chosen {
    return this.failure ?? this.series;
  }

  /** Whether more can be read. */
  read(characters: number, line: number, read: () => Omit<PageSeries, 'isCounter'>, types: ReadonlyMap<string, string>): boolean {
    try {
      this.take(characters, line, read, types);
    } catch (error) {
      this.failure = error as Error;
    }
    return this.failure === undefined;
  }

  private take(characters: number, line: number, read: () => Omit<PageSeries, 'isCounter'>, types: ReadonlyMap<string, string>): void {
    const { name, family, series, choice: { selector, onLine } } = this;
    this.characters += characters;
    if (this.characters > MAX_PAGE_CHARACTERS) throw new Error(`it has more than ${MAX_PAGE_CHARACTERS} characters of ${name}; have the pods say less`);
    if (characters > MAX_LINE_CHARACTERS) throw new Error(`line ${line} has more than ${MAX_LINE_CHARACTERS} characters`);
    onLine?.(characters);
    const { labels, value } = read();
    if (selector.matches(labels)) series.push({ labels: copied(labels), value, isCounter: isCounter(name, family, types, labels) });
    if (series.length > MAX_SERIES) throw new Error(`it has more than ${MAX_SERIES} series of ${name}; choose fewer by their labels`);
  }
}

const SPACE = 0x20;
const BRACE = 0x7b;

function endOfName(page: string, begin: number, end: number): number {
  for (let at = begin; at < end; at++) {
    const code = page.charCodeAt(at);
    if (code <= SPACE || code === BRACE) return at;
  }
  return end;
}

/** V8 makes of a part of a text a reference to the whole, so that a label would keep its page. */
function copied(labels: PageSeries['labels']): PageSeries['labels'] {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, Buffer.from(value).toString()]));
}
