import { LogOptions } from './klog';
import { LogFields, Logger } from './logger';

/** A logger whose lines are k8s.io/component-base's JSON: an event of an error has no `v`. */
export function createJsonLogger({ write, clock, verbosity }: LogOptions): Logger {
  const log = (level: { readonly v?: number }, msg: string, fields: LogFields = {}) =>
    write(JSON.stringify({ ts: clock.now(), caller: 'metrics-server', msg, ...level, ...fields }));
  return {
    info: (message, fields) => log({ v: 0 }, message, fields),
    warn: (message, fields) => log({ v: 0 }, message, fields),
    error: (message, fields) => log({}, message, fields),
    verbose: (level, message, fields) => {
      if (level <= verbosity) log({ v: level }, message, fields);
    },
  };
}
