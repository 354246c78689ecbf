import { REQUESTS } from './requests';

/** A number, or why there is none. */
export type Figure = number | { readonly failed: string };

/** What is measured of one server at one size in one round; keys as in FIGURES. */
export type Figures = Readonly<Record<string, Figure>>;

export interface FigureDescription {
  readonly key: string;
  readonly title: string;
  readonly unit: 's' | 'ms' | 'µs' | 'MB' | 'kB' | '1/min' | '' | 'cores';
  /** Shown for understanding; a ratio would say nothing. */
  readonly withoutRatio?: boolean;
}

/** All figures, in the order of the report; a run need not have them all. Smaller is better. */
export const FIGURES: readonly FigureDescription[] = [
  { key: 'firstFiguresSeconds', title: 'start to first figures', unit: 's' },
  { key: 'scrapesPerMinute', title: 'scrapes', unit: '1/min', withoutRatio: true },
  { key: 'missedCycles', title: 'cycles missed, late or incomplete', unit: '', withoutRatio: true },
  { key: 'scrapeCpuMsPerMinute', title: 'CPU of scraping, per minute', unit: 'ms' },
  { key: 'scrapeCpuUs', title: 'CPU of one scrape', unit: 'µs' },
  { key: 'scrapeWireBytes', title: 'on the wire, one scrape', unit: 'kB' },
  { key: 'idleRssBytes', title: 'RSS, no requests yet', unit: 'MB' },
  { key: 'afterListsRssBytes', title: 'RSS after lists', unit: 'MB' },
  { key: 'peakRssBytes', title: 'peak RSS, 10 lists of all pods at once', unit: 'MB' },
  ...REQUESTS.flatMap(({ key, title }): FigureDescription[] => [
    { key: `${key}P50Ms`, title: `${title}, p50`, unit: 'ms' },
    { key: `${key}P99Ms`, title: `${title}, p99`, unit: 'ms' },
    { key: `${key}CpuMs`, title: `${title}, CPU of one request`, unit: 'ms' },
  ]),
  { key: 'tenListsP99Ms', title: 'all pods, 10 at once, p99', unit: 'ms' },
  { key: 'churnCpuMsPerMinute', title: 'CPU of scraping while pods are replaced, per minute', unit: 'ms' },
  { key: 'churnFirstRssBytes', title: 'RSS, first third of that time', unit: 'MB' },
  { key: 'churnLastRssBytes', title: 'RSS, last third of that time', unit: 'MB' },
  { key: 'churnGrowth', title: 'RSS in the last third of replacing pods, as a share of the first', unit: '', withoutRatio: true },
  { key: 'otherCores', title: 'other programs on the machine meanwhile', unit: 'cores', withoutRatio: true },
  { key: 'end', title: 'ended before its time', unit: '' },
];
