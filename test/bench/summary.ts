import { digits } from './digits';
import { FIGURES } from './figures';
import { cell, figuresOf, ratio, Report } from './report';
import { median } from './statistics';

/** What people choose a server by; docs/performance.md has the rest. */
const SUMMARY = ['scrapeCpuMsPerMinute', 'afterListsRssBytes', 'peakRssBytes', 'podsCpuMs', 'tenListsP99Ms', 'namespaceP99Ms', 'podP99Ms', 'firstFiguresSeconds'];

/** What a cluster is sized by; docs/sizing.md has the formula. */
const SIZING = ['scrapeCpuMsPerMinute', 'idleRssBytes', 'afterListsRssBytes', 'peakRssBytes', 'namespaceCpuMs'];

const USUAL_PODS = 30;
const MS_PER_MINUTE = 60_000;

/** The README's table: ratios, one column for each size. */
export function summaryTable(reports: readonly Report[]): string {
  const shown = reports.filter(({ size }) => size.pods === USUAL_PODS);
  return [
    `| ours / metrics-server ${shown[0].versions.peer} | ${shown.map(({ size }) => `${size.nodes.toLocaleString('en')} nodes`).join(' | ')} |`,
    `|---|${'---|'.repeat(shown.length)}`,
    ...SUMMARY.map(descriptionOf).map((description) => {
      const cells = shown.map((report) => {
        const [ours, peer] = (['ours', 'peer'] as const).map((name) => figuresOf(report, name, description.key));
        return ratio(ours, peer, description).replace(/ .*/, '') || [cell(ours, description), cell(peer, description)].filter(Boolean).join(' / ');
      });
      return `| ${description.title} | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

/** Of both servers, in the columns of docs/sizing.md. */
export function sizingTable(reports: readonly Report[]): string {
  const descriptions = SIZING.map(descriptionOf);
  return [
    `| cluster | server | ${descriptions.map(({ title }) => title).join(' | ')} |`,
    `|---|---|${'---|'.repeat(descriptions.length)}`,
    ...reports.flatMap((report) => ([['ours', 'companion image'], ['peer', `metrics-server ${report.versions.peer}`]] as const).map(([name, title]) =>
      `| ${report.size.nodes.toLocaleString('en')} × ${report.size.pods} | ${title} | `
        + `${descriptions.map((description) => cell(figuresOf(report, name, description.key), description)).join(' | ')} |`)),
  ].join('\n');
}

/** What a node costs ours, and docs/scale.md reckons with. */
export function perNodeTable(reports: readonly Report[]): string {
  const rows = reports.map((report) => {
    const of = (key: string) => figuresOf(report, 'ours', key).filter((figure) => typeof figure === 'number');
    const [cpu, memory] = ['scrapeCpuMsPerMinute', 'afterListsRssBytes'].map(of);
    return [
      `${report.size.nodes.toLocaleString('en')} × ${report.size.pods}`, cell(of('scrapeCpuUs'), descriptionOf('scrapeCpuUs')),
      cpu.length === 0 ? '' : digits(median(cpu) / MS_PER_MINUTE), cell(memory, descriptionOf('afterListsRssBytes')),
      memory.length === 0 ? '' : `${digits(median(memory) / 1000 / report.size.nodes)} kB`,
    ];
  });
  return [
    '| cluster | CPU of one scrape | cores, scraping | RSS after lists | for each node |', '|---|---|---|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

/** When and on what, in one sentence. */
export function madeOn(reports: readonly Report[]): string {
  const each = (of: (report: Report) => string) => [...new Set(reports.map(of))].join(', ');
  return `Measured on ${each(({ date }) => date.slice(0, 10))} on ${each(({ machine }) => `${machine.cores} × ${machine.processor}`)}, `
    + `commit ${each(({ versions }) => versions.commit)} on Node ${each(({ versions }) => versions.node)}, one server after the other in the same run.`;
}

function descriptionOf(wanted: string) {
  return FIGURES.find(({ key }) => key === wanted)!;
}
