import { POSIX_CLASSES } from './classes';
import { classEscape, runeEscape } from './escapes';
import { PatternReader } from './pattern-reader';
import { RuneSet, RuneSetItem } from './rune-set';

/** Reads `[…]`, whose first member may be a closing bracket. */
export function bracketClass(reader: PatternReader, fold: boolean): RuneSet {
  const start = reader.offset;
  reader.takeText('[');
  const negated = reader.takeText('^');
  const items: RuneSetItem[] = [];
  do {
    if (reader.atEnd) throw reader.error('the bracket [ is not closed', start);
    items.push(posixClass(reader, fold) ?? classEscape(reader, fold) ?? range(reader, fold, start));
  } while (!reader.takeText(']'));
  return new RuneSet(items, negated);
}

function posixClass(reader: PatternReader, fold: boolean): RuneSetItem | undefined {
  const start = reader.offset;
  const match = reader.take(/\[:(\^?)((?:(?!:\]).)*):\]/uys);
  if (!match) return undefined;
  const [text, caret, name] = match;
  if (!Object.hasOwn(POSIX_CLASSES, name)) {
    throw reader.error(`${text} is no class of RE2; there are ${Object.keys(POSIX_CLASSES).join(', ')}`, start);
  }
  return RuneSet.item(POSIX_CLASSES[name], fold, caret === '^');
}

function range(reader: PatternReader, fold: boolean, bracket: number): RuneSetItem {
  const start = reader.offset;
  const low = member(reader, bracket);
  const high = reader.take(/-(?=[^\]])/y) ? member(reader, bracket) : low;
  if (high < low) throw reader.error(`the range ${reader.pattern.slice(start, reader.offset)} ends before it begins`, start);
  return RuneSet.range(low, high, fold);
}

function member(reader: PatternReader, bracket: number): number {
  if (reader.atEnd) throw reader.error('the bracket [ is not closed', bracket);
  return reader.sees('\\') ? runeEscape(reader) : reader.takeRune();
}
