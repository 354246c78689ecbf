import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Random, systemClock } from './clock';
import { clusterConfigs } from './cluster-configs';
import { helpText } from './flags/help';
import { LogOptions, Options, optionsFrom } from './flags/options';
import { parseFlags } from './flags/parse';
import { MetricsServer } from './metrics-server';
import { mistakeIn } from './mistake';
import { createJsonLogger } from './telemetry/json-log';
import { createKlogLogger } from './telemetry/klog';
import { LogOutput } from './telemetry/log-output';
import { Loggers } from './telemetry/logger';
import { VERSION } from './version';

/** Exit code for what the user can mend: flags, files, a port in use. */
const USAGE = 2;

/** The kubelet gives a pod 30 s; what is in flight by then has `--request-timeout` behind it anyway. */
const DRAIN_MS = 20_000;

/** Of cryptographic quality: it seeds the hash tables that tenants' pod names go into. */
const random: Random = () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;

async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === 'doctor') return examine(argv.slice(1));
  if (argv[0] === 'approve-kubelet-serving') return approve(argv.slice(1));
  const flags = parseFlags(argv);
  if (flags.get('bool', 'help')) {
    process.stdout.write(helpText());
  } else if (flags.get('bool', 'version')) {
    process.stdout.write(`${VERSION}\n`);
  } else {
    await serve(optionsFrom(flags), flags.dropped);
  }
}

/** Loaded only when it is asked for. */
async function examine(argv: readonly string[]): Promise<void> {
  const { doctor } = await import('./doctor/doctor');
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  const out = (text: string): void => void process.stdout.write(text);
  process.exitCode = await doctor(argv, { clock: systemClock, random, env: process.env, processOne, signal: interrupted.signal, out });
}

async function approve(argv: readonly string[]): Promise<void> {
  const { approveKubeletServing } = await import('./kubelet-serving-approver/approve-kubelet-serving');
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const out = (text: string): void => void process.stdout.write(text);
  await approveKubeletServing(argv, { clock: systemClock, random, env: process.env, loggers: loggersOf, signal: stopped.signal, out });
}

/** In a container, that is what it was started as. */
function processOne(): readonly string[] {
  try {
    return readFileSync('/proc/1/cmdline', 'utf8').split('\0');
  } catch {
    return [];
  }
}

async function serve(options: Options, dropped: readonly string[]): Promise<void> {
  const loggers = loggersOf(options.log);
  const logger = loggers('main');
  dropped.forEach((name) => logger.warn('This flag has no effect any more; leave it out', { flag: `--${name}` }));
  const server = new MetricsServer(options, await clusterConfigs(options, systemClock, loggers('kubeconfig')), { clock: systemClock, random, loggers });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal means now, as with metrics-server.
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('Shutting down', { signal });
    server.stop(DRAIN_MS).then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  await server.start();
}

function loggersOf({ format, ...options }: LogOptions): Loggers {
  const output = new LogOutput({
    ...options, clock: systemClock, stdout: (text) => process.stdout.write(text), stderr: (text) => process.stderr.write(text),
  });
  process.on('exit', () => output.flush());
  const createLogger = format === 'json' ? createJsonLogger : createKlogLogger;
  return (module) => createLogger(module, { ...options, clock: systemClock, write: (line, isError) => output.write(line, isError) });
}

/** One line for what the user can mend. Anything else is a defect of ours and shows where. */
function fail(error: unknown): void {
  const mistake = mistakeIn(error);
  process.stderr.write(mistake === undefined ? `${(error as Error).stack}\n` : `Error: ${mistake}\n`);
  process.exit(mistake === undefined ? 1 : USAGE);
}

main(process.argv.slice(2)).catch(fail);
