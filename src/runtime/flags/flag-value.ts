import { isIP } from 'node:net';
import { parseCommaList } from './comma-list';
import { parseDuration } from './duration';
import { parseModuleVerbosities } from './module-verbosities';
import { NamedCertKey, parseNamedCertKey } from './named-cert-key';
import { parseQuantity } from './quantity';
import { InvalidValueError } from './usage-error';
import { FlagType } from '../../_facts/flags';
import { goQuote } from '../go-quote';
import { ModuleVerbosity } from '../telemetry/module-verbosity';

/** What a flag of each type holds once parsed. */
export interface FlagValues {
  'string': string;
  'strings': readonly string[];
  /** One for each time that the flag is given: commas are part of it. */
  'stringArray': readonly string[];
  'int': number;
  'int32Slice': readonly number[];
  'float': number;
  'float32': number;
  'bool': boolean;
  /** Milliseconds. */
  'duration': number;
  /** As given, but for white space around it; empty when left blank. */
  'ip': string;
  'Level': number;
  /** Bytes. */
  'quantity': number;
  'namedCertKey': readonly NamedCertKey[];
  'pattern=N,...': readonly ModuleVerbosity[];
  /** As given: nothing reads it. */
  'colonSeparatedMultimapStringString': string;
}

export type FlagValue = FlagValues[FlagType];

const PARSERS: { readonly [T in FlagType]: (text: string) => FlagValues[T] } = {
  'string': (text) => text,
  'strings': parseCommaList,
  'stringArray': (text) => text === '' ? [] : [text],
  'int': parseInteger,
  'int32Slice': parseInt32s,
  'float': parseFloatingPoint,
  'float32': parseFloatingPoint,
  'bool': parseBoolean,
  'duration': parseDuration,
  'ip': parseIp,
  'Level': parseLevel,
  'quantity': parseQuantity,
  'namedCertKey': (text) => text === '' ? [] : parseNamedCertKey(text),
  'pattern=N,...': parseModuleVerbosities,
  'colonSeparatedMultimapStringString': (text) => text,
};

/** Reads a value as the flag's Go type would. @throws InvalidValueError */
export function parseFlagValue(type: FlagType, text: string): FlagValue {
  return PARSERS[type](text);
}

const INTEGER = /^([+-]?)(?:0x((?:_?[0-9a-f])+)|0b((?:_?[01])+)|0o?((?:_?[0-7])+)|([0-9]|[1-9](?:_?[0-9])*))$/i;

/** strconv.ParseInt with base 0: decimal, 0x, 0b, 0o and C's leading 0; underscores between digits. */
function parseInteger(text: string): number {
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(text) ?? invalidNumber('ParseInt', text);
  const literal = hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : decimal;
  const magnitude = BigInt(literal.replaceAll('_', ''));
  const value = sign === '-' ? -magnitude : magnitude;
  return BigInt.asIntN(64, value) === value ? Number(value) : invalidNumber('ParseInt', text, 'value out of range');
}

function parseInt32s(text: string): number[] {
  return text === '' ? [] : text.split(',').map((item) => {
    const value = /^[+-]?[0-9]+$/.test(item) ? Number(item) : invalidNumber('ParseInt', item);
    // eslint-disable-next-line no-bitwise
    return (value | 0) === value ? value : invalidNumber('ParseInt', item, 'value out of range');
  });
}

function parseFloatingPoint(text: string): number {
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : invalidNumber('ParseFloat', text);
  return Number.isFinite(value) ? value : invalidNumber('ParseFloat', text, 'value out of range');
}

/** klog keeps its verbosity in 31 bits. */
const MAX_LEVEL = 2 ** 31 - 1;

function parseLevel(text: string): number {
  const level = /^[0-9]+$/.test(text) ? Number(text) : invalidNumber('ParseUint', text);
  return level <= MAX_LEVEL ? level : invalidNumber('ParseUint', text, 'value out of range');
}

function parseBoolean(text: string): boolean {
  if (/^(?:1|t|T|true|True|TRUE)$/.test(text)) {
    return true;
  }
  return /^(?:0|f|F|false|False|FALSE)$/.test(text) ? false : invalidNumber('ParseBool', text);
}

function parseIp(text: string): string {
  const address = text.trim();
  // Go knows no zone (fe80::1%eth0) in a bare IP.
  if (address !== '' && (isIP(address) === 0 || address.includes('%'))) {
    throw new InvalidValueError(`failed to parse IP: ${goQuote(text)}`);
  }
  return address;
}

function invalidNumber(parser: string, text: string, problem = 'invalid syntax'): never {
  throw new InvalidValueError(`strconv.${parser}: parsing ${goQuote(text)}: ${problem}`);
}
