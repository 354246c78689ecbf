import { execFileSync } from 'child_process';
import { mkdirSync, writeFileSync } from 'fs';
import { loadavg } from 'os';
import { join, resolve } from 'path';
import { BenchCluster } from './bench-cluster';
import { brokenInEveryRound } from './bounds';
import { measureChurn } from './churn';
import { Contender, ours, peer } from './contender';
import { Figures } from './figures';
import { FleetSize } from './fleet';
import { floorOfScrape } from './floor';
import { untilIdle } from './idle';
import { describeMachine, describeVersions } from './machine';
import { measure } from './measure';
import { Options, parseOptions, USAGE } from './options';
import { publish } from './publish';
import { markdown, Report } from './report';
import { DETAILED_NODES } from './requests';
import { bundleOfCommit, RuntimeBundle } from './runtime-bundle';

/** Runs of which nothing is published; git ignores it. */
const RESULTS = 'build/bench';

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return void process.stdout.write(USAGE);
  const options = parseOptions(args);
  const programs = process.env.BENCH_PROGRAMS!;
  const node = options.node ?? `${execFileSync('.ci/node24', { encoding: 'utf8' }).trim()}/node`;
  const bundle: RuntimeBundle = options.runtime === undefined
    ? bundleOfCommit(options.commit)
    : { file: resolve(options.runtime), commit: options.runtime };
  const versions = describeVersions({ commit: bundle.commit, node, programs, assets: process.env.KUBEBUILDER_ASSETS! });
  const contenders = [peer(programs, versions.peer), ours(node, bundle.file, options.cpuProfile)]
    .filter(({ name }) => options.only === undefined || options.only === name);
  if (options.publish) await untilIdle(progress);
  const machine = describeMachine();

  const { windowSeconds, quick, pods, containers, churnMinutes } = options;
  const reports: Report[] = [];
  for (const nodes of options.nodes) {
    const head = { date: new Date().toISOString(), machine, versions, options: { windowSeconds, quick } };
    const report = await measureSize({ nodes, pods, containers }, contenders, programs, options, head);
    reports.push(report);
    // Size by size: what interrupts a later one takes nothing away.
    keep(report, options);
    if (judged(options)) {
      const broken = brokenInEveryRound(report);
      broken.forEach(progress);
      if (broken.length > 0) process.exitCode = 1;
    }
  }
  // The last, because it takes longest.
  const detailed = reports.find(({ size }) => size.nodes === DETAILED_NODES);
  if (detailed && churnMinutes > 0) keep(await withChurn(detailed, contenders, programs, churnMinutes), options);
}

function keep(report: Report, options: Options): void {
  mkdirSync(RESULTS, { recursive: true });
  const { date, size, versions } = report;
  const file = join(RESULTS, `${date.replace(/\W/g, '')}-${size.nodes}x${size.pods}-${versions.commit.replace(/\W/g, '-')}.json`);
  writeFileSync(file, JSON.stringify(report, undefined, 2) + '\n');
  process.stdout.write(markdown([report]));
  progress(file);
  if (options.publish) publish(report, '.');
}

/** One of the two servers alone is work in progress. */
function judged({ quick, only }: Options): boolean {
  return quick && only === undefined;
}

async function measureSize(
  size: FleetSize, contenders: readonly Contender[], programs: string, options: Options, head: Omit<Report, 'size' | 'floor' | 'rounds'>,
): Promise<Report> {
  progress(`${size.nodes} nodes: registering ${size.nodes * size.pods} pods`);
  const cluster = await BenchCluster.start(size, programs);
  try {
    const floor = floorOfScrape(programs, size);
    const rounds: Record<string, Figures>[] = [];
    const report: Report = { ...head, size, floor, rounds };
    for (let round = 0; round < options.rounds; round++) {
      rounds.push(await measureRound(round, contenders, cluster, options));
      // The machine of whoever is judged may be busy: what misses a bound is tried once more.
      if (judged(options) && brokenInEveryRound(report).length === 0) break;
    }
    return report;
  } finally {
    await cluster.stop();
  }
}

/** The report with what replacing pods costs, in its first round. */
async function withChurn(report: Report, contenders: readonly Contender[], programs: string, minutes: number): Promise<Report> {
  progress(`${report.size.nodes} nodes: replacing pods for ${minutes} minutes`);
  const cluster = await BenchCluster.start(report.size, programs);
  try {
    const figures = await measureChurn(contenders, cluster, minutes);
    const [first, ...others] = report.rounds;
    const both = Object.fromEntries(contenders.map(({ name }, i) => [name, { ...first[name], ...figures[i] }]));
    return { ...report, rounds: [both, ...others] };
  } finally {
    await cluster.stop();
  }
}

async function measureRound(
  round: number, contenders: readonly Contender[], cluster: BenchCluster, options: Options,
): Promise<Record<string, Figures>> {
  // The machine warms up, others come and go: neither server shall always be the first.
  const order = round % 2 === 0 ? contenders : [...contenders].reverse();
  const figures: Record<string, Figures> = {};
  for (const contender of order) {
    progress(`${cluster.fleet.size.nodes} nodes, round ${round + 1}: ${contender.title}, load average ${loadavg()[0].toFixed(2)}`);
    figures[contender.name] = await measure(contender, cluster, options);
  }
  return figures;
}

function progress(line: string): void {
  process.stderr.write(`bench ${new Date().toISOString().slice(11, 19)}  ${line}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  // Whatever still runs ends with this process, the first of its namespace.
  process.exit(1);
});
