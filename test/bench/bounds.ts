import { digits } from './digits';
import { FIGURES, Figures } from './figures';
import { totalUs } from './floor';
import { Report } from './report';
import { median } from './statistics';

export interface Bound {
  readonly key: string;
  /** As a share of metrics-server's, unless `of` says something else. */
  readonly atMost: number;
  /** What we want to reach. */
  readonly aim?: number;
  /** `floor`: of one scrape, in the same run; `itself`: the figure, without another beside it. @default 'peer' */
  readonly of?: 'floor' | 'itself';
}

/** What a published run is judged by, by nodes. */
export const BOUNDS: Readonly<Record<number, readonly Bound[]>> = {
  10: small(1, 1.2),
  100: small(0.5, 0.8),
  1000: [...small(0.3, 0.4), { key: 'churnGrowth', atMost: 1.1, of: 'itself' }],
  5000: [
    { key: 'firstFiguresSeconds', atMost: 1 },
    { key: 'scrapeCpuMsPerMinute', atMost: 0.25, aim: 0.15 },
    { key: 'scrapeCpuUs', atMost: 3, of: 'floor' },
    { key: 'afterListsRssBytes', atMost: 0.3, aim: 0.22 },
    { key: 'peakRssBytes', atMost: 0.15, aim: 0.08 },
    { key: 'podsCpuMs', atMost: 0.1, aim: 0.06 },
    { key: 'tenListsP99Ms', atMost: 0.15, aim: 0.05 },
    { key: 'namespaceP99Ms', atMost: 0.25, aim: 0.1 },
    { key: 'podP99Ms', atMost: 0.7, aim: 0.3 },
    { key: 'missedCycles', atMost: 0, of: 'itself' },
  ],
  10000: [{ key: 'missedCycles', atMost: 0, of: 'itself' }],
};

/**
 * What `--quick` fails at, by nodes: measured, with a margin for machines on which others are at work. Latencies are left out, because they
 * tell more of the others than of us.
 */
export const QUICK_BOUNDS: Readonly<Record<number, readonly Bound[]>> = {
  1000: [
    { key: 'firstFiguresSeconds', atMost: 1.3 },
    { key: 'scrapeCpuUs', atMost: 0.35 },
    { key: 'idleRssBytes', atMost: 0.6 },
    { key: 'afterListsRssBytes', atMost: 0.4 },
    { key: 'peakRssBytes', atMost: 0.4 },
    { key: 'podCpuMs', atMost: 1.5 },
    { key: 'namespaceCpuMs', atMost: 0.6 },
    { key: 'nodesCpuMs', atMost: 0.8 },
    { key: 'podsCpuMs', atMost: 0.3 },
  ],
};

function small(cpu: number, memory: number): readonly Bound[] {
  return [
    { key: 'firstFiguresSeconds', atMost: 1 },
    { key: 'scrapeCpuMsPerMinute', atMost: cpu },
    { key: 'afterListsRssBytes', atMost: memory },
  ];
}

/** Each bound at the run's size, and what was measured by round; a round without a figure of both has none. */
export function judge(report: Report, bounds = BOUNDS): readonly { readonly bound: Bound; readonly measured: readonly number[] }[] {
  const { size, floor, rounds } = report;
  return (bounds[size.nodes] ?? []).map((bound) => ({
    bound,
    measured: rounds.flatMap(({ ours, peer }) => {
      const other = { peer: figure(peer, bound.key), floor: totalUs(floor), itself: 1 }[bound.of ?? 'peer'];
      const value = figure(ours, bound.key) / other;
      return Number.isNaN(value) ? [] : [value];
    }),
  }));
}

/** A line for each bound that no round keeps: what missed it once may have been the machine. */
export function brokenInEveryRound(report: Report): string[] {
  return judge(report, QUICK_BOUNDS).filter(({ bound, measured }) => !measured.some((ratio) => ratio <= bound.atMost)).map(({ bound, measured }) =>
    `${report.size.nodes} nodes: ${titleOf(bound)} is ${measured.map(digits).join(' and ') || 'not measured'} of metrics-server's, ${bound.atMost} at most`);
}

/** Markdown: the bounds at the sizes that were measured, met or missed; of several rounds the median counts. */
export function boundsTable(reports: readonly Report[]): string {
  const rows = reports.flatMap((report) => judge(report).filter(({ bound: { key } }) => wasTried(report, key)).map(({ bound, measured }) => {
    const value = measured.length === 0 ? undefined : median(measured);
    return [
      report.size.nodes.toLocaleString('en'), titleOf(bound), { peer: 'metrics-server\'s', floor: 'the floor', itself: '' }[bound.of ?? 'peer'],
      digits(bound.atMost), bound.aim === undefined ? '' : digits(bound.aim),
      value === undefined ? '' : digits(value), verdict(bound, value),
    ];
  }));
  return ['| nodes | ours | as a share of | at most | aim | measured | |', '|---|---|---|---|---|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

function verdict({ atMost, aim }: Bound, value: number | undefined): string {
  if (value === undefined) return 'not measured, or failed';
  if (value > atMost) return '**missed**';
  return aim !== undefined && value <= aim ? 'met, and the aim' : 'met';
}

/** Options leave things out. */
function wasTried({ rounds }: Report, key: string): boolean {
  return rounds.some((round) => Object.values(round).some((figures) => key in figures || 'end' in figures));
}

function titleOf({ key }: Bound): string {
  return FIGURES.find((description) => description.key === key)!.title;
}

/** NaN when there is none. */
function figure(figures: Figures | undefined, key: string): number {
  const value = figures?.[key];
  return typeof value === 'number' ? value : NaN;
}
