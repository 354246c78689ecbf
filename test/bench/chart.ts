import { FIGURES } from './figures';
import { Report } from './report';
import { median } from './statistics';

/** What people choose a server by; the tables have the rest. */
const SHOWN = ['scrapeCpuMsPerMinute', 'afterListsRssBytes', 'peakRssBytes', 'podP99Ms', 'namespaceP99Ms', 'podsCpuMs', 'tenListsP99Ms'];

const WIDTH = 720;
const LABELS = 240;
const BAR = 14;
const GAP = 14;
const TOP = 56;
/** Where metrics-server's bars would end, and how far a bar may go beyond. */
const PEER = 380;
const MAX_RATIO = 1.2;
/** Seen on white and on black; the largest fleet is the strongest. */
const COLOURS = ['#b4cdf0', '#93b7e8', '#6a9be0', '#447fd6', '#2563c4'];

/** Ours as a share of metrics-server's: a bar for each size of the fleet, the line being metrics-server. */
export function chart(reports: readonly Report[]): string {
  const sizes = reports.filter(({ size }) => size.pods === reports[0].size.pods);
  const { versions, date } = sizes[sizes.length - 1];
  const drawn = FIGURES.filter(({ key }) => SHOWN.includes(key)).map(({ key, title }) => ({
    title,
    bars: sizes.flatMap(({ size, rounds }, index) => {
      const ratios = rounds.flatMap(({ ours, peer }) => {
        const [a, b] = [ours?.[key], peer?.[key]];
        return typeof a === 'number' && typeof b === 'number' && b > 0 ? [a / b] : [];
      });
      const colour = COLOURS[Math.max(0, COLOURS.length - sizes.length + index)];
      return ratios.length === 0 ? [] : [{ nodes: size.nodes, ratio: median(ratios), colour }];
    }),
  }));
  const lines: string[] = [];
  let y = TOP;
  for (const { title, bars } of drawn) {
    lines.push(text(LABELS - 10, y + bars.length * BAR / 2 + 4, title, 'text-anchor="end"'));
    for (const { nodes, ratio, colour } of bars) {
      const width = Math.min(ratio, MAX_RATIO) * PEER;
      lines.push(`<rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${colour}"/>`);
      lines.push(text(LABELS + width + 6, y + BAR - 4, `${Number(ratio.toPrecision(2))} (${nodes.toLocaleString('en')} nodes)`, 'font-size="11"'));
      y += BAR;
    }
    y += GAP;
  }
  const peer = LABELS + PEER;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="13" fill="#808080">`,
    text(LABELS, 20, `Ours as a share of metrics-server ${versions.peer}: less is better`, 'font-weight="bold"'),
    text(LABELS, 38, `${date.slice(0, 10)}, both in one run on one machine`, 'font-size="11"'),
    `<line x1="${peer}" x2="${peer}" y1="${TOP - 8}" y2="${y - GAP}" stroke="#808080" stroke-dasharray="4 3"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${content}</text>`;
}
