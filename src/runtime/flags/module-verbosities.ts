import { InvalidValueError } from './usage-error';
import { goQuote } from '../go-quote';
import { ModuleVerbosity } from '../telemetry/module-verbosity';

/** klog keeps a verbosity in 31 bits. */
const MAX_LEVEL = 2 ** 31 - 1;

/** Settings such as `scraper=2,reflector=4`. */
export function parseModuleVerbosities(text: string): ModuleVerbosity[] {
  return text.split(',').filter((setting) => setting !== '').map((setting) => {
    const [, pattern, level] = /^([^=]+)=([^=]+)$/.exec(setting) ?? refuse(`${goQuote(setting)} does not have the pattern=N format`);
    if (!/^\d+$/.test(level) || Number(level) > MAX_LEVEL) refuse(`the verbosity in ${goQuote(setting)} must be a number from 0 to ${MAX_LEVEL}`);
    return { pattern, level: Number(level) };
  });
}

function refuse(problem: string): never {
  throw new InvalidValueError(problem);
}
