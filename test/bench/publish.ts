import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { chart } from './chart';
import { markdown, Report } from './report';
import { madeOn, perNodeTable, sizingTable, summaryTable } from './summary';

const RESULTS = 'test/bench/results';
const CHART = 'docs/performance.svg';
const MARKERS = /(<!-- results: written by npm run bench -- --publish -->\n)[^]*(\n<!-- end of results -->)/;
const TITLE = 'Ours as a share of metrics-server\'s';

/** What stands between the comments of each page. */
const PAGES: Readonly<Record<string, (reports: readonly Report[]) => string>> = {
  'README.md': (reports) => `![${TITLE}](${CHART})\n\n${summaryTable(reports)}\n\n${madeOn(reports)}\n`,
  'docs/performance.md': (reports) => `![${TITLE}](performance.svg)\n\n${markdown(reports)}`,
  'docs/scale.md': (reports) => `${perNodeTable(reports)}\n`,
  'docs/sizing.md': (reports) => `${sizingTable(reports)}\n\n${madeOn(reports)}\n`,
};

/** Puts a run where readers find it: the JSON into the tree, chart and tables of all sizes into the pages. */
export function publish(report: Report, root: string): void {
  const { nodes, pods } = report.size;
  mkdirSync(join(root, RESULTS), { recursive: true });
  writeFileSync(join(root, RESULTS, `${nodes}x${pods}.json`), JSON.stringify(report, undefined, 2) + '\n');
  for (const [file, content] of Object.entries(publishedFiles(root))) writeFileSync(join(root, file), content);
}

/** Pages and chart as they follow from the published results; none while there are no results. */
export function publishedFiles(root: string): Readonly<Record<string, string>> {
  const reports = readReports(join(root, RESULTS));
  if (reports.length === 0) return {};
  const pages = Object.entries(PAGES).map(([file, write]) => {
    const page = readFileSync(join(root, file), 'utf8');
    if (!MARKERS.test(page)) throw new Error(`${file}: the comments between which results stand are missing`);
    return [file, page.replace(MARKERS, (_, begin: string, end: string) => `${begin}\n${write(reports)}${end}`)];
  });
  return { ...Object.fromEntries(pages), [CHART]: chart(reports) };
}

/** The smallest first. */
function readReports(folder: string): readonly Report[] {
  if (!existsSync(folder)) return [];
  const reports = readdirSync(folder).filter((file) => file.endsWith('.json')).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Report);
  return reports.sort((a, b) => a.size.nodes - b.size.nodes || a.size.pods - b.size.pods);
}
