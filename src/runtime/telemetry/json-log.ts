import { LogOptions } from './klog';
import { LogFields, Logger } from './logger';

/** A logger whose lines are k8s.io/component-base's JSON: an event of an error has no `v`. */
export function createJsonLogger(module: string, { write, clock, verbosity }: LogOptions): Logger {
  const log = (level: { readonly v?: number }, msg: string, fields: LogFields = {}) =>
    write(JSON.stringify({ ts: clock.now(), caller: module, msg, ...level, ...fields }), level.v === undefined);
  return {
    info: (message, fields) => log({ v: 0 }, message, fields),
    warn: (message, fields) => log({ v: 0 }, message, fields),
    error: (message, fields) => log({}, message, fields),
    verbose: (level, message, fields) => {
      if (level <= verbosity.level) log({ v: level }, message, fields);
    },
  };
}
