import { mistakeIn, openingOf, typeOf } from './flag-syntax';
import { Values } from './values';
import { parseCommaList } from '../../runtime/flags/comma-list';

/** A flag of the server's command line, and the value of the chart that it comes from. */
export interface Flag {
  readonly name: string;
  /** `true` for a switch that is given none; undefined where a flag that is not known here is given none. */
  readonly value?: string;
  /** The argument as this package writes it: `--flag` or `--flag=value`. */
  readonly argument: string;
  /** Path in the values: `args[1]`. */
  readonly from: string;
}

/** An argument that metrics-server ignores, or does not start with. */
export interface Unread {
  readonly from: string;
  readonly reason: string;
}

/** A command line as pflag reads it. */
export interface CommandLine {
  /** In their order: of a flag given twice, the last counts. */
  readonly flags: readonly Flag[];
  readonly unread: readonly Unread[];
}

interface Argument {
  readonly text: unknown;
  readonly from: string;
}

/** What the values give the server. */
export function commandLine(values: Values): CommandLine {
  return readArguments(['defaultArgs', 'args'].flatMap((path) => values.list(path).map((text, i) => ({ text, from: `${path}[${i}]` }))));
}

export function flagsOf(values: Values): readonly Flag[] {
  return commandLine(values).flags;
}

export function readArguments(all: readonly Argument[]): CommandLine {
  const flags: Flag[] = [];
  const unread: Unread[] = [];
  const end = all.findIndex(({ text }) => text === '--');
  const given = end < 0 ? [...all] : all.slice(0, end);
  unread.push(...all.slice(given.length).map(({ from }) => ({ from, reason: 'metrics-server ignores -- and what stands behind it' })));
  while (given.length > 0) {
    const { text, from } = given.shift()!;
    const opening = openingOf(String(text));
    if (opening === undefined || typeof text === 'object') {
      unread.push({ from, reason: noFlag(text) });
      continue;
    }
    const { name } = opening;
    const value = opening.value ?? valueBehind(name, given);
    const mistake = mistakeIn(name, value);
    if (mistake === undefined) flags.push({ name, value, argument: opening.value === undefined && typeOf(name) === 'bool' ? `--${name}` : argumentOf(name, value), from });
    else unread.push({ from, reason: `metrics-server does not start with it: ${mistake}` });
  }
  return { flags, unread };
}

/** A switch needs none; any other flag takes the next argument, whatever that is. */
function valueBehind(name: string, given: Argument[]): string | undefined {
  const type = typeOf(name);
  if (type === 'bool') return 'true';
  const next = given[0]?.text;
  if (typeof next === 'object' || next === undefined || (type === undefined && String(next).startsWith('-'))) return undefined;
  given.shift();
  return String(next);
}

function argumentOf(name: string, value: string | undefined): string {
  return value === undefined ? `--${name}` : `--${name}=${value}`;
}

function noFlag(text: unknown): string {
  const given = JSON.stringify(text);
  if (typeof text !== 'string' || !text.startsWith('-') || text === '-') return `${given} is no flag: metrics-server ignores it`;
  return `${given} is no flag that metrics-server starts with: they are written --name=value, each in an element of its own`;
}

export function lastFlag(flags: readonly Flag[], name: string): Flag | undefined {
  return flags.filter((flag) => flag.name === name).pop();
}

/** Items of a flag that is a list, each once: given again, it adds to what was given before. Undefined where it is not given. */
export function listOf(flags: readonly Flag[], name: string): readonly string[] | undefined {
  const given = flags.filter((flag) => flag.name === name);
  return given.length > 0 ? [...new Set(given.flatMap(itemsOf))] : undefined;
}

export function itemsOf({ value = '' }: Flag): readonly string[] {
  return parseCommaList(value);
}

/** Whether a switch is on. */
export function isOn(flag: Flag | undefined): boolean {
  return flag !== undefined && !/^(?:0|f|false)$/i.test(flag.value ?? '');
}
