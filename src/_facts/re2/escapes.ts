import { PERL_CLASSES, unicodeClass } from './classes';
import { PatternReader } from './pattern-reader';
import { RuneSet, RuneSetItem } from './rune-set';

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const MAX_RUNE = 0x10ffff;

/** `\d`, `\pL`, `\P{Greek}`: a class that an escape stands for; undefined, and nothing is read, when it stands for none. */
export function classEscape(reader: PatternReader, fold: boolean): RuneSetItem | undefined {
  const perl = reader.take(/\\([dswDSW])/y);
  if (perl) return RuneSet.item(PERL_CLASSES[perl[1].toLowerCase()], fold, perl[1] < 'a');
  const start = reader.offset;
  const unicode = reader.take(/\\([pP])(?:\{(\^?)([^}]*)\}|(.))/uys);
  if (!unicode) return undefined;
  const [text, letter, caret = '', inBraces, single] = unicode;
  const members = unicodeClass(inBraces ?? single);
  if (members === undefined) throw reader.error(`${text} is not a general category or script of Unicode that can be used`, start);
  return RuneSet.item(members, fold, (letter === 'P') !== (caret === '^'));
}

/** The code point of an escape that stands for one. */
export function runeEscape(reader: PatternReader): number {
  const start = reader.offset;
  const punctuation = reader.take(/\\([\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f])/y);
  if (punctuation) return punctuation[1].charCodeAt(0);
  const control = reader.take(/\\([afnrtv])/y);
  if (control) return CONTROL[control[1]];
  const octal = reader.take(/\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/y);
  if (octal) return parseInt(octal[1], 8);
  const hexadecimal = reader.take(/\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/y);
  const codePoint = hexadecimal ? parseInt(hexadecimal[1] ?? hexadecimal[2], 16) : Infinity;
  if (codePoint <= MAX_RUNE) return codePoint;
  const [escape] = hexadecimal ?? reader.take(/\\.?/uys)!;
  if (/^\\[1-9k]/.test(escape)) throw reader.error(`${escape} refers back to a group, which RE2 cannot`, start);
  throw reader.error(`${escape} is no escape sequence of RE2`, start);
}
