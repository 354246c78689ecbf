import { asText, list, record } from './manifest';
import { FLAGS } from '../_facts/flags';

/** A flag where it stands in a container. */
export interface FlagUse {
  readonly name: string;
  /** Text after `=` or in the next argument; `true` for a flag that stands alone. */
  readonly value: string;
  /** Path within the container, such as `args[2]`. */
  readonly path: string;
}

const SWITCHES = new Set(FLAGS.filter(({ type }) => type === 'bool').map(({ name }) => name));

/** The long flags of a container's command and arguments, as pflag reads them. */
export function flagsOf(container: unknown): FlagUse[] {
  const { command, args } = record(container);
  const words = [
    ...list(command).map((word, i) => ({ word: asText(word), path: `command[${i}]` })),
    ...list(args).map((word, i) => ({ word: asText(word), path: `args[${i}]` })),
  ];
  return words.flatMap(({ word, path }, i) => {
    const match = /^--([^=]+)(?:=([^]*))?$/.exec(word);
    if (!match) return [];
    const [, name, value] = match;
    return [{ name, path, value: value ?? nextWord(name, words[i + 1]?.word) }];
  });
}

function nextWord(name: string, word: string | undefined): string {
  return word === undefined || word.startsWith('-') || SWITCHES.has(name) ? 'true' : word;
}

/** The flag as it takes effect: the last one wins. */
export function lastFlag(flags: readonly FlagUse[], name: string): FlagUse | undefined {
  return flags.filter((flag) => flag.name === name).at(-1);
}

/** A switch that is on. pflag takes the spellings of Go's strconv.ParseBool. */
export function switchOn(flags: readonly FlagUse[], name: string): FlagUse | undefined {
  const flag = lastFlag(flags, name);
  return flag && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(flag.value) ? flag : undefined;
}

const MS_PER_UNIT: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a Go duration such as `1m30s`; undefined if it is none. */
export function goDurationMs(duration: string): number | undefined {
  if (duration === '0') return 0;
  if (!/^[+-]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(duration)) return undefined;
  const sum = [...duration.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)].reduce((ms, [, digits, unit]) => ms + Number(digits) * MS_PER_UNIT[unit], 0);
  return duration.startsWith('-') ? -sum : sum;
}
