import { execFileSync } from 'child_process';
import { mkdirSync, writeFileSync } from 'fs';
import { loadavg } from 'os';
import { join, resolve } from 'path';
import { BenchCluster } from './bench-cluster';
import { brokenBounds } from './bounds';
import { Contender, ours, peer } from './contender';
import { Figures } from './figures';
import { FleetSize } from './fleet';
import { floorOfScrape } from './floor';
import { describeMachine, describeVersions } from './machine';
import { measure } from './measure';
import { Options, parseOptions, USAGE } from './options';
import { assertIdle, publish } from './publish';
import { markdown, Report, SizeResult } from './report';
import { DETAILED_NODES } from './requests';
import { bundleOfCommit, RuntimeBundle } from './runtime-bundle';

/** Runs of which nothing is published; git ignores it. */
const RESULTS = 'build/bench';

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return void process.stdout.write(USAGE);
  const options = parseOptions(args);
  const machine = describeMachine();
  if (options.publish) assertIdle(machine);
  const programs = process.env.BENCH_PROGRAMS!;
  const node = options.node ?? `${execFileSync('.ci/node24', { encoding: 'utf8' }).trim()}/node`;
  const bundle: RuntimeBundle = options.runtime === undefined
    ? bundleOfCommit(options.commit)
    : { file: resolve(options.runtime), commit: options.runtime };
  const versions = describeVersions({ commit: bundle.commit, node, programs, assets: process.env.KUBEBUILDER_ASSETS! });
  const contenders = [peer(programs, versions.peer), ours(node, bundle.file, options.cpuProfile)]
    .filter(({ name }) => options.only === undefined || options.only === name);

  const sizes: SizeResult[] = [];
  for (const nodes of options.nodes) {
    sizes.push(await measureSize({ nodes, pods: options.pods, containers: options.containers }, contenders, programs, options));
  }
  const { rounds, windowSeconds, quick } = options;
  const report: Report = { date: new Date().toISOString(), machine, versions, options: { rounds, windowSeconds, quick }, sizes };
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${report.date.replace(/\W/g, '')}-${versions.commit.replace(/\W/g, '-')}.json`);
  writeFileSync(file, JSON.stringify(report, undefined, 2) + '\n');
  process.stdout.write(markdown(report));
  progress(file);
  if (options.publish) publish(report, '.');
  // One of the two alone, or another runtime, is work in progress.
  const broken = options.quick && contenders.length === 2 ? sizes.flatMap(brokenBounds) : [];
  broken.forEach(progress);
  if (broken.length > 0) process.exitCode = 1;
}

async function measureSize(size: FleetSize, contenders: readonly Contender[], programs: string, options: Options): Promise<SizeResult> {
  progress(`${size.nodes} nodes: registering ${size.nodes * size.pods} pods`);
  const cluster = await BenchCluster.start(size, programs);
  try {
    const floor = floorOfScrape(programs, size);
    const churnMinutes = size.nodes === DETAILED_NODES ? options.churnMinutes : 0;
    const rounds: Record<string, Figures>[] = [];
    for (let round = 0; round < options.rounds; round++) {
      // The machine warms up, others come and go: neither server shall always be the first.
      const order = round % 2 === 0 ? contenders : [...contenders].reverse();
      rounds.push({});
      for (const contender of order) {
        progress(`${size.nodes} nodes, round ${round + 1}: ${contender.title}, load average ${loadavg()[0].toFixed(2)}`);
        rounds[round][contender.name] = await measure(contender, cluster, { ...options, churnMinutes })
          .catch((error: Error) => didNotRun(contender, error));
      }
    }
    return { size, floor, rounds };
  } finally {
    await cluster.stop();
  }
}

/** A server that does not get through is a result as well; that of the other counts all the same. */
function didNotRun({ title }: Contender, { message }: Error): Figures {
  progress(`${title}: ${message}`);
  return { firstFiguresSeconds: { failed: message.split('\n', 1)[0] } };
}

function progress(line: string): void {
  process.stderr.write(`bench ${new Date().toISOString().slice(11, 19)}  ${line}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  // Whatever still runs ends with this process, the first of its namespace.
  process.exit(1);
});
