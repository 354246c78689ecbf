import { asText, list, record } from './_manifest';
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

/** A word of a command line, and where it stands. */
interface Word {
  readonly word: string;
  readonly path: string;
}

/**
 * The long flags of a container's command and arguments, as pflag reads them. What a shell is given with `-c` is read where it is one plain
 * command; of anything more nobody but the shell knows what it runs, and no flag of it is seen.
 */
export function flagsOf(container: unknown): FlagUse[] {
  const { command, args } = record(container);
  const words = withoutShell([
    ...list(command).map((word, i) => ({ word: asText(word), path: `command[${i}]` })),
    ...list(args).map((word, i) => ({ word: asText(word), path: `args[${i}]` })),
  ]);
  return words.flatMap(({ word, path }, i) => {
    const match = /^--([^=]+)(?:=([^]*))?$/.exec(word);
    if (!match) return [];
    const [, name, value] = match;
    return [{ name, path, value: value ?? nextWord(name, words[i + 1]?.word) }];
  });
}

/** What a shell runs, in its place. */
function withoutShell(words: readonly Word[]): readonly Word[] {
  const [shell, option, script] = words;
  if (!script || !/^(.*\/)?(ba|da|a)?sh$/.test(shell.word) || !/^-[a-z]*c$/.test(option.word)) return words;
  const plain = plainWords(script.word);
  return plain ? plain.map((word) => ({ word, path: script.path })) : words;
}

/** Words of one command without variables, patterns, operators and escapes; undefined for any other. */
function plainWords(script: string): string[] | undefined {
  const quoted = String.raw`'[^'\n]*'|"[^"$\x60\\\n]*"`;
  const word = String.raw`(?:${quoted}|[^\s'"$\x60\\;&|<>()*?[\]{}~#!])+`;
  if (!new RegExp(`^\\s*${word}(?:[ \\t]+${word})*\\s*$`).test(script)) return undefined;
  const words = (script.match(new RegExp(word, 'g')) ?? []).map((one) => one.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  return words[0] === 'exec' ? words.slice(1) : words;
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
