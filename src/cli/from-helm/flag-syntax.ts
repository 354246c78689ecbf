import { DROPPED_FLAGS, FLAGS, FlagType } from '../../_facts/flags';
import { parseFlagValue } from '../../runtime/flags/flag-value';

const LONG = /^--([A-Za-z][-\w.]*)(?:=([\s\S]*))?$/;
const SHORT = /^-([A-Za-z])(?:=?([\s\S]+))?$/;

const TYPES: ReadonlyMap<string, FlagType> = new Map([...DROPPED_FLAGS, ...FLAGS, { name: 'help', type: 'bool' } as const].map(({ name, type }) => [name, type]));
const BY_SHORTHAND: ReadonlyMap<string | undefined, string> = new Map([...FLAGS, { shorthand: 'h', name: 'help' }].map(({ shorthand, name }) => [shorthand, name]));

/** Name of the flag that an argument gives, and its value where that is in the same argument; undefined where pflag finds no flag. */
export function openingOf(argument: string): { readonly name: string; readonly value?: string } | undefined {
  const [, name, value] = LONG.exec(argument) ?? [];
  if (name !== undefined) return { name, value };
  const [, letter, rest] = SHORT.exec(argument) ?? [];
  const long = BY_SHORTHAND.get(letter ?? '');
  return long === undefined ? undefined : { name: long, value: rest };
}

/** Undefined for a flag that is not known here: an image of one's own may know it. */
export function typeOf(name: string): FlagType | undefined {
  return TYPES.get(name);
}

/** Why metrics-server does not take a value, in the words of Go's parsers; undefined where it does. */
export function mistakeIn(name: string, value: string | undefined): string | undefined {
  const type = typeOf(name);
  if (type === undefined) return undefined;
  if (value === undefined) return `--${name} needs a value`;
  try {
    parseFlagValue(type, value);
    return undefined;
  } catch (error) {
    return `--${name}: ${(error as Error).message}`;
  }
}
