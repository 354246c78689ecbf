/** A number, or why there is none. */
export type Figure = number | { readonly failed: string };

/** What is measured of one server at one size in one round; keys as in FIGURES. */
export type Figures = Readonly<Record<string, Figure>>;

export interface FigureDescription {
  readonly key: string;
  readonly title: string;
  readonly unit: 's' | 'ms' | 'µs' | 'MB' | 'kB' | '1/min';
  /** Shown for understanding; a ratio would say nothing. */
  readonly withoutRatio?: boolean;
}

/** Requests that are measured, with the keys that their figures begin with. */
export const REQUESTS = [
  { key: 'pod', title: 'one pod' },
  { key: 'namespace', title: 'one namespace' },
  { key: 'nodes', title: 'all nodes' },
  { key: 'pods', title: 'all pods' },
] as const;

/** All figures, in the order of the report. Smaller is better. */
export const FIGURES: readonly FigureDescription[] = [
  { key: 'firstFiguresSeconds', title: 'start to first figures', unit: 's' },
  { key: 'scrapesPerMinute', title: 'scrapes', unit: '1/min', withoutRatio: true },
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
];
