import { boundsTable } from './bounds';
import { Contender } from './contender';
import { digits } from './digits';
import { Figure, FigureDescription, FIGURES, Figures } from './figures';
import { FleetSize } from './fleet';
import { Floor, totalUs } from './floor';
import { Machine, Versions } from './machine';
import { median } from './statistics';

/** A run at one size: what is written as JSON. */
export interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Versions;
  readonly options: { readonly windowSeconds: number; readonly quick: boolean };
  readonly size: FleetSize;
  readonly floor: Floor;
  /** Figures of each server, by round. */
  readonly rounds: readonly Readonly<Partial<Record<Contender['name'], Figures>>>[];
}

const UNIT: Record<FigureDescription['unit'], number> = { 's': 1, 'ms': 1, 'µs': 1, 'MB': 2 ** 20, 'kB': 1000, '1/min': 1, 'cores': 1, '': 1 };

/** Cores that others may take before a reader is told. */
const QUIET_CORES = 0.25;

export function markdown(reports: readonly Report[]): string {
  return [boundsTable(reports), ...reports.map(sizeSection)].join('\n\n') + '\n';
}

function sizeSection(report: Report): string {
  const { size, rounds, versions } = report;
  const rows = FIGURES.flatMap((description) => {
    const [peer, ours] = [figuresOf(report, 'peer', description.key), figuresOf(report, 'ours', description.key)];
    return peer.length + ours.length === 0 ? [] : `| ${description.title} | ${cell(peer, description)} | ${cell(ours, description)} | ${ratio(ours, peer, description)} |`;
  });
  return [
    `### ${size.nodes.toLocaleString('en')} nodes × ${size.pods} pods`,
    '',
    conditions(report),
    ...disturbance(rounds),
    '',
    `| | metrics-server ${versions.peer} | ours | ours / metrics-server |`,
    '|---|---|---|---|',
    ...rows,
    '',
    floorLine(report),
  ].join('\n');
}

export function figuresOf({ rounds }: Report, name: Contender['name'], key: string): readonly Figure[] {
  return rounds.flatMap((round) => round[name]?.[key] ?? []);
}

function conditions({ date, machine, versions, options, rounds }: Report): string {
  const gibibytes = Math.round(machine.memoryBytes / 2 ** 30);
  return `${date.slice(0, 10)}, ${machine.cores} × ${machine.processor}, ${gibibytes} GiB, Linux ${machine.kernel}, load average before the run `
    + `${machine.loadAverage.toFixed(2)}. Commit ${versions.commit} on Node ${versions.node}; metrics-server ${versions.peer} (${versions.peerGo}); `
    + `Kubernetes ${versions.kubernetes}. ${rounds.length} round${rounds.length === 1 ? '' : 's'}, scraping measured over ${options.windowSeconds} s: `
    + 'median (least – most).';
}

function disturbance(rounds: Report['rounds']): string[] {
  const cores = rounds.flatMap((round) => Object.values(round)).map(({ otherCores }) => Number(otherCores ?? 0));
  return Math.max(...cores) <= QUIET_CORES ? [] : ['', `**Other programs ran beside it: they took up to ${digits(Math.max(...cores))} cores.**`];
}

function floorLine(report: Report): string {
  const floor = report.floor;
  const times = ([['metrics-server', 'peer'], ['ours', 'ours']] as const).flatMap(([title, name]) => {
    const figures = numbersOf(figuresOf(report, name, 'scrapeCpuUs')) ?? [];
    return figures.length === 0 ? [] : `${title} takes ${digits(median(figures) / totalUs(floor))} times as much`;
  });
  return `The floor of one scrape in this run: ${digits(totalUs(floor))} µs of CPU (${digits(floor.transportUs)} plain TCP, `
    + `${digits(floor.decryptUs)} AES-128-GCM, ${digits(floor.parseUs)} reading the page). ${times.join('; ')}.`;
}

export function cell(figures: readonly Figure[], { unit }: FigureDescription): string {
  const numbers = numbersOf(figures);
  if (numbers === undefined) return figures.map((figure) => typeof figure === 'number' ? '' : `failed (${oneLine(figure.failed)})`).filter(Boolean).join(', ');
  if (numbers.length === 0) return '';
  const show = (value: number) => digits(value / UNIT[unit]);
  const spread = numbers.length === 1 ? '' : ` (${show(Math.min(...numbers))} – ${show(Math.max(...numbers))})`;
  return `${show(median(numbers))} ${unit}`.trimEnd() + spread;
}

/** Round by round, since what disturbs the machine disturbs both servers of a round alike. Nothing when one of them failed. */
export function ratio(ours: readonly Figure[], peer: readonly Figure[], { withoutRatio = false }: FigureDescription): string {
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

/** Of a message that may be the end of a log. */
function oneLine(text: string): string {
  return text.split('\n', 1)[0].replaceAll('|', '\\|');
}
