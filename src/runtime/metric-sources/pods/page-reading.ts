import * as http from 'http';
import { RoundBudget } from './round-budget';
import { Chosen, SeriesReader } from './series-reader';
import { PageSeries } from './text-format';
import { SeriesSelector } from '../../../_facts/series-selector';
import { Suspend } from '../../cluster/deadline';
import { ByteRoom } from '../../prometheus/byte-room';
import { readHeld } from '../../prometheus/source-http';
import { brokenBound } from '../../scrape/json-bounds';
import { JsonRules, jsonSamples } from '../json-samples';
import { MAX_DOCUMENT_BYTES } from '../limits';

/** What of a page a metric is made of. */
export interface PageValues {
  /** Of a page in the text format; without it, the page is JSON. */
  readonly series?: SeriesSelector;
  readonly json?: JsonRules;
}

/** What a metric wants of a page, and how much it may take of all of them. */
export interface PageWant {
  readonly values: PageValues;
  readonly budget: RoundBudget;
}

/** What an application says of itself is short. */
const JSON_BOUNDS = { maxDepth: 64, maxObjects: 100_000 };

/**
 * Reads a page once for all that metrics want of it, in their order; each of them fails alone. Pages in the text format pass by; those in JSON are held,
 * as far as there is room. @throws Error with what is wrong with the page for all
 */
export async function readPage(
  response: http.IncomingMessage, suspend: Suspend, wants: readonly PageWant[], room: ByteRoom,
): Promise<readonly Chosen[]> {
  if (wants[0].values.series) return seriesOf(response, wants);
  return readHeld(response, suspend, { maxBytes: MAX_DOCUMENT_BYTES, room }, (text) => jsonOf(text, wants));
}

async function seriesOf(response: http.IncomingMessage, wants: readonly PageWant[]): Promise<readonly Chosen[]> {
  const reader = new SeriesReader(wants.map(({ values, budget }) => (
    { selector: values.series!, onLine: (characters) => budget.take('characters of series', characters) }
  )));
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_DOCUMENT_BYTES) throw new Error(`the answer has more than ${MAX_DOCUMENT_BYTES} bytes`);
    reader.push(chunk);
  }
  return withinBudgets(reader.end(), wants, bytes);
}

function jsonOf(text: string, wants: readonly PageWant[]): readonly Chosen[] {
  const document = parsed(text);
  const all = wants.map(({ values, budget }) => attempt(() => {
    const series = jsonSamples(document, values.json!, 0).map(({ labels, value }): PageSeries => ({ labels, value, isCounter: false }));
    for (const { labels } of series) budget.take('characters of series', charactersOf(labels));
    return series;
  }));
  return withinBudgets(all, wants, text.length);
}

function withinBudgets(all: readonly Chosen[], wants: readonly PageWant[], pageCharacters: number): readonly Chosen[] {
  return all.map((chosen, index) => attempt(() => {
    const { budget } = wants[index];
    budget.take('characters of pages', pageCharacters);
    if (!(chosen instanceof Error)) budget.take('samples', chosen.length);
    return chosen;
  }));
}

function attempt(read: () => Chosen): Chosen {
  try {
    return read();
  } catch (error) {
    return error as Error;
  }
}

function parsed(page: string): unknown {
  const broken = brokenBound(Buffer.from(page), JSON_BOUNDS);
  if (broken !== undefined) throw new Error(`it has ${broken}`);
  try {
    return JSON.parse(page);
  } catch {
    throw new Error('it is no JSON');
  }
}

function charactersOf(labels: PageSeries['labels']): number {
  return Object.entries(labels).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}
