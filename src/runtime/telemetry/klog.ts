import { Clock } from '../clock';
import { LogFields, Logger } from './logger';
import { ModuleVerbosity, moduleLevel } from './module-verbosity';
import { Verbosity } from './verbosity';
import { goQuote } from '../go-quote';

export interface LogOptions {
  /** Takes one line, without its end. */
  readonly write: (line: string, isError: boolean) => void;
  readonly clock: Clock;
  readonly verbosity: Verbosity;
  /** That of `--vmodule`. @default none */
  readonly moduleVerbosities?: readonly ModuleVerbosity[];
  readonly pid?: number;
}

type Severity = 'I' | 'W' | 'E';

/** A logger whose lines read like klog's, so that what parses a Kubernetes component's log parses ours. Where klog names a line of source, ours name a module. */
export function createKlogLogger(module: string, { write, clock, verbosity, moduleVerbosities = [], pid = process.pid }: LogOptions): Logger {
  const ownLevel = moduleLevel(module, moduleVerbosities);
  const log = (severity: Severity, message: string, fields: LogFields = {}) =>
    write(`${severity}${timestamp(clock.now())} ${String(pid).padStart(7)} ${module}] ${goQuote(message)}${formatFields(fields)}`, severity === 'E');
  return {
    info: (message, fields) => log('I', message, fields),
    warn: (message, fields) => log('W', message, fields),
    error: (message, fields) => log('E', message, fields),
    verbose: (level, message, fields) => {
      if (level <= Math.max(verbosity.level, ownLevel)) {
        log('I', message, fields);
      }
    },
  };
}

/** `mmdd hh:mm:ss.µµµµµµ` in local time. */
function timestamp(unixMs: number): string {
  const date = new Date(unixMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = two(date.getMonth() + 1) + two(date.getDate());
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}000`;
}

function formatFields(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${formatKey(key)}=${typeof value === 'string' ? goQuote(value) : value}`)
    .join('');
}

/** A key that would blur where its value starts is quoted. */
function formatKey(key: string): string {
  return /^[\w./-]+$/.test(key) ? key : goQuote(key);
}
