import { Contender } from './contender';
import { FIGURES, Figures } from './figures';
import { SizeResult } from './report';
import { median } from './statistics';

/**
 * What ours may take at most, as a share of what metrics-server takes in the same run: measured, with a margin for machines on which
 * others are at work. Latencies are left out, because they tell more of the others than of us.
 */
export const BOUNDS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  1000: {
    firstFiguresSeconds: 1.1,
    scrapeCpuUs: 0.25,
    idleRssBytes: 0.6,
    afterListsRssBytes: 0.4,
    peakRssBytes: 0.4,
    podCpuMs: 1,
    namespaceCpuMs: 0.55,
    nodesCpuMs: 0.6,
    podsCpuMs: 0.4,
  },
};

/** A line for each bound that is not kept, or that there is no figure for. Empty at sizes without bounds. */
export function brokenBounds({ size, rounds }: SizeResult): string[] {
  return Object.entries(BOUNDS[size.nodes] ?? {}).flatMap(([key, bound]) => {
    const { title } = FIGURES.find((description) => description.key === key)!;
    const ratios = rounds.map((round) => figure(round, 'ours', key) / figure(round, 'peer', key));
    const ratio = median(ratios);
    return ratio <= bound ? [] : [`${size.nodes} nodes: ${title} is ${ratio.toPrecision(2)} of metrics-server's, ${bound} at most`];
  });
}

/** NaN, which keeps no bound, when there is none. */
function figure(round: Readonly<Partial<Record<Contender['name'], Figures>>>, name: Contender['name'], key: string): number {
  const value = round[name]?.[key];
  return typeof value === 'number' ? value : NaN;
}
