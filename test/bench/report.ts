import { Contender } from './contender';
import { Figure, FigureDescription, FIGURES, Figures } from './figures';
import { FleetSize } from './fleet';
import { Floor, totalUs } from './floor';
import { Machine, Versions } from './machine';
import { median } from './statistics';

/** Figures of each server at one size, by round. */
export interface SizeResult {
  readonly size: FleetSize;
  readonly floor: Floor;
  readonly rounds: readonly Readonly<Partial<Record<Contender['name'], Figures>>>[];
}

/** A whole run: what is written as JSON. */
export interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Versions;
  readonly options: { readonly rounds: number; readonly windowSeconds: number; readonly quick: boolean };
  readonly sizes: readonly SizeResult[];
}

const UNIT: Record<FigureDescription['unit'], number> = { 's': 1, 'ms': 1, 'µs': 1, 'MB': 2 ** 20, 'kB': 1000, '1/min': 1 };

export function markdown(report: Report): string {
  const { machine, versions, options } = report;
  const gibibytes = Math.round(machine.memoryBytes / 2 ** 30);
  return [
    `${report.date.slice(0, 10)}, ${machine.cores} × ${machine.processor}, ${gibibytes} GiB, Linux ${machine.kernel}, load average before the run `
      + `${machine.loadAverage.toFixed(2)}. Commit ${versions.commit} on Node ${versions.node}; metrics-server ${versions.peer} (${versions.peerGo}); `
      + `Kubernetes ${versions.kubernetes}. ${options.rounds} round${options.rounds === 1 ? '' : 's'}, scraping measured over ${options.windowSeconds} s: `
      + 'median (least – most).',
    ...report.sizes.map((result) => table(result, versions)),
  ].join('\n\n') + '\n';
}

function table({ size, floor, rounds }: SizeResult, versions: Versions): string {
  const of = (name: Contender['name'], key: string) => rounds.flatMap((round) => round[name]?.[key] ?? []);
  const rows = FIGURES.flatMap((description) => {
    const [peer, ours] = [of('peer', description.key), of('ours', description.key)];
    return peer.length + ours.length === 0 ? [] : `| ${description.title} | ${cell(peer, description)} | ${cell(ours, description)} | ${ratio(ours, peer, description)} |`;
  });
  return [
    `### ${size.nodes.toLocaleString('en')} nodes × ${size.pods} pods`,
    '',
    `| | metrics-server ${versions.peer} | ours | ours / metrics-server |`,
    '|---|---|---|---|',
    ...rows,
    '',
    floorLine(floor, (name) => numbersOf(of(name, 'scrapeCpuUs')) ?? []),
  ].join('\n');
}

function floorLine(floor: Floor, scrapeCpuUs: (name: Contender['name']) => readonly number[]): string {
  const times = ([['metrics-server', 'peer'], ['ours', 'ours']] as const).flatMap(([title, name]) => {
    const figures = scrapeCpuUs(name);
    return figures.length === 0 ? [] : `${title} takes ${digits(median(figures) / totalUs(floor))} times as much`;
  });
  return `The floor of one scrape in this run: ${digits(totalUs(floor))} µs of CPU (${digits(floor.transportUs)} plain TCP, `
    + `${digits(floor.decryptUs)} AES-128-GCM, ${digits(floor.parseUs)} reading the page). ${times.join('; ')}.`;
}

function cell(figures: readonly Figure[], { unit }: FigureDescription): string {
  const numbers = numbersOf(figures);
  if (numbers === undefined) return figures.map((figure) => typeof figure === 'number' ? '' : `failed (${figure.failed})`).filter(Boolean).join(', ');
  if (numbers.length === 0) return '';
  const show = (value: number) => digits(value / UNIT[unit]);
  const spread = numbers.length === 1 ? '' : ` (${show(Math.min(...numbers))} – ${show(Math.max(...numbers))})`;
  return `${show(median(numbers))} ${unit}${spread}`;
}

/** Round by round, since what disturbs the machine disturbs both servers of a round alike. Nothing when one of them failed. */
function ratio(ours: readonly Figure[], peer: readonly Figure[], { withoutRatio = false }: FigureDescription): string {
  const [a, b] = [numbersOf(ours), numbersOf(peer)];
  if (withoutRatio || a === undefined || b === undefined || a.length !== b.length || a.length === 0 || b.includes(0)) return '';
  const ratios = a.map((value, i) => value / b[i]);
  const spread = ratios.length === 1 ? '' : ` (${digits(Math.min(...ratios))} – ${digits(Math.max(...ratios))})`;
  return `**${digits(median(ratios))}**${spread}`;
}

function numbersOf(figures: readonly Figure[]): number[] | undefined {
  const numbers = figures.filter((figure) => typeof figure === 'number');
  return numbers.length === figures.length ? numbers : undefined;
}

/** Two digits that count, three from 10 on. */
function digits(value: number): string {
  const count = value >= 10 ? 3 : 2;
  return Number(value.toPrecision(count)).toLocaleString('en', { maximumFractionDigits: 4 });
}
