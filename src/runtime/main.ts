import { readFileSync } from 'node:fs';
import { systemClock } from './clock';
import { clusterConfigs } from './cluster-configs';
import { helpText } from './flags/help';
import { optionsFrom } from './flags/options';
import { parseFlags } from './flags/parse';
import { UsageError } from './flags/usage-error';
import { goQuote } from './go-quote';
import { MetricsServer } from './metrics-server';
import { fail, loggersOf, runServer, systemRandom } from './run-server';
import { VERSION } from './version';
import { nearest } from '../_facts/nearest';

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<void>>> = {
  'doctor': examine, 'approve-kubelet-serving': approve, 'metrics-adapter': adapt, 'explain': explain,
};

/** What metrics-server takes as its first argument without heed: its own name, for one. */
const PROGRAM = 'metrics-server';

async function main(argv: readonly string[]): Promise<void> {
  const command = nearest(argv[0] ?? '', [PROGRAM, ...Object.keys(COMMANDS)]) ?? PROGRAM;
  if (command === PROGRAM) return serve(argv);
  if (command !== argv[0]) throw new UsageError([`unknown command ${goQuote(argv[0])}, did you mean ${command}?`]);
  return COMMANDS[command](argv.slice(1));
}

async function serve(argv: readonly string[]): Promise<void> {
  const flags = parseFlags(argv);
  if (flags.get('bool', 'help')) {
    process.stdout.write(helpText());
  } else if (flags.get('bool', 'version')) {
    process.stdout.write(`${VERSION}\n`);
  } else {
    const options = optionsFrom(flags);
    await runServer(flags, options, async (surroundings) => {
      const server = await MetricsServer.create(options, await clusterConfigs(options, surroundings.clock, surroundings.loggers('kubeconfig')), surroundings);
      if (options.metricsConfiguration) process.on('SIGHUP', () => void server.reload());
      return server;
    });
  }
}

/** Loaded only when it is asked for. */
async function examine(argv: readonly string[]): Promise<void> {
  const { doctor } = await import('./doctor/doctor');
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  const out = (text: string): void => void process.stdout.write(text);
  process.exitCode = await doctor(argv, { clock: systemClock, random: systemRandom, env: process.env, processOne, signal: interrupted.signal, out });
}

async function approve(argv: readonly string[]): Promise<void> {
  const { approveKubeletServing } = await import('./kubelet-serving-approver/approve-kubelet-serving');
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const out = (text: string): void => void process.stdout.write(text);
  await approveKubeletServing(argv, { clock: systemClock, random: systemRandom, env: process.env, loggers: loggersOf, signal: stopped.signal, out });
}

async function adapt(argv: readonly string[]): Promise<void> {
  const { runMetricsAdapter } = await import('./metrics-adapter/run-metrics-adapter');
  await runMetricsAdapter(argv);
}

async function explain(argv: readonly string[]): Promise<void> {
  const { explainMetric } = await import('./explain/explain-metric');
  const out = (text: string): void => void process.stdout.write(text);
  process.exitCode = await explainMetric(argv, { clock: systemClock, env: process.env, processOne, out });
}

/** In a container, that is what it was started as. */
function processOne(): readonly string[] {
  try {
    return readFileSync('/proc/1/cmdline', 'utf8').split('\0');
  } catch {
    return [];
  }
}

main(process.argv.slice(2)).catch(fail);
