import { randomBytes } from 'node:crypto';
import { Random, systemClock } from './clock';
import { LogOptions, ServerOptions } from './flags/options';
import { ParsedFlags } from './flags/parse';
import { tuneGarbageCollection } from './garbage-collection';
import { mistakeIn } from './mistake';
import { Surroundings } from './surroundings';
import { createJsonLogger } from './telemetry/json-log';
import { createKlogLogger } from './telemetry/klog';
import { LogOutput } from './telemetry/log-output';
import { Loggers } from './telemetry/logger';
import { Verbosity } from './telemetry/verbosity';
import { DRAIN_SECONDS } from '../_facts/flags';

/** What a process runs from its start to a signal. */
export interface Server {
  start(): Promise<void>;
  stop(drainMs: number): Promise<void>;
}

/** Exit code for what the user can mend: flags, files, a port in use. */
const USAGE = 2;

/** Of cryptographic quality: it seeds the hash tables that tenants' pod names go into. */
export const systemRandom: Random = () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48;

/** Starts a server in this process, which ends with it. */
export async function runServer(
  flags: ParsedFlags, options: Pick<ServerOptions, 'log'>, create: (surroundings: Surroundings) => Promise<Server>,
): Promise<void> {
  tuneGarbageCollection(systemClock);
  const verbosity = { level: options.log.verbosity };
  const loggers = loggersOf(options.log, verbosity);
  const logger = loggers('main');
  flags.dropped.forEach((name) => logger.warn('This flag has no effect any more; leave it out', { flag: `--${name}` }));
  const server = await create({ clock: systemClock, random: systemRandom, env: process.env, loggers, verbosity });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal means now, as with metrics-server.
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('Shutting down', { signal });
    server.stop(1000 * DRAIN_SECONDS).then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  await server.start();
}

/** One line for what the user can mend. Anything else is a defect and shows where. */
export function fail(error: unknown): void {
  const mistake = mistakeIn(error);
  process.stderr.write(mistake === undefined ? `${(error as Error).stack}\n` : `Error: ${mistake}\n`);
  process.exit(mistake === undefined ? 1 : USAGE);
}

/** The loggers of this process. */
export function loggersOf({ format, ...options }: LogOptions, verbosity: Verbosity = { level: options.verbosity }): Loggers {
  const output = new LogOutput({
    ...options, clock: systemClock, stdout: (text) => process.stdout.write(text), stderr: (text) => process.stderr.write(text),
  });
  process.on('exit', () => output.flush());
  const createLogger = format === 'json' ? createJsonLogger : createKlogLogger;
  return (module) => createLogger(module, { ...options, verbosity, clock: systemClock, write: (line, isError) => output.write(line, isError) });
}
