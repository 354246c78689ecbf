import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { chart } from './chart';
import { Machine } from './machine';
import { markdown, Report } from './report';

const PAGE = 'docs/performance.md';
const CHART = 'docs/performance.svg';
const RESULT = 'test/bench/results/latest.json';
const MARKERS = /(<!-- results: written by npm run bench -- --publish -->\n)[^]*(\n<!-- end of results -->)/;

/** Others' programs may take this share of a core. */
const MAX_LOAD_AVERAGE = 0.5;

/** @throws Error when others are at work on the machine */
export function assertIdle({ loadAverage }: Machine): void {
  if (loadAverage > MAX_LOAD_AVERAGE) {
    throw new Error(`--publish: load average is ${loadAverage.toFixed(2)}, ${MAX_LOAD_AVERAGE} at most; wait until the machine is idle, or leave --publish out`);
  }
}

/** Puts a run where readers find it: the JSON into the tree, chart and tables into the page. */
export function publish(report: Report, root: string): void {
  const page = readFileSync(join(root, PAGE), 'utf8');
  if (!MARKERS.test(page)) throw new Error(`${PAGE}: the comments between which results stand are missing`);
  mkdirSync(dirname(join(root, RESULT)), { recursive: true });
  writeFileSync(join(root, RESULT), JSON.stringify(report, undefined, 2) + '\n');
  writeFileSync(join(root, CHART), chart(report));
  const results = `![Ours as a share of metrics-server's](${basename(CHART)})\n\n${markdown(report)}`;
  writeFileSync(join(root, PAGE), page.replace(MARKERS, (_, begin: string, end: string) => `${begin}\n${results}${end}`));
}
