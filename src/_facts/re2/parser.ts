import { bracketClass } from './bracket-class';
import { classEscape, runeEscape } from './escapes';
import { PatternReader } from './pattern-reader';
import { RuneSet } from './rune-set';
import { Assertion, Node, Repeat } from './syntax';

/** The limits of Go's regexp/syntax. */
const MAX_REPEAT = 1000;
const MAX_DEPTH = 1000;

export interface ParsedPattern {
  readonly node: Node;
  /** By group number; the whole match, number 0, and groups without a name have none. */
  readonly groupNames: readonly (string | undefined)[];
}

interface Flags {
  /** i */
  readonly fold: boolean;
  /** m: `^` and `$` also at lines. */
  readonly lines: boolean;
  /** s: `.` also takes a newline. */
  readonly dotAll: boolean;
  /** U: `x*` is lazy and `x*?` greedy. */
  readonly swapGreed: boolean;
}

const FLAGS: Readonly<Record<string, keyof Flags>> = { i: 'fold', m: 'lines', s: 'dotAll', U: 'swapGreed' };

const ESCAPED_ASSERTIONS: Readonly<Record<string, Assertion>> = {
  '\\A': 'begin-text', '\\z': 'end-text', '\\b': 'word-boundary', '\\B': 'no-word-boundary',
};
const NEWLINE = RuneSet.range(10, 10, false);

/** Reads the syntax of Go's regexp package, RE2's with Perl's extensions. @throws Re2SyntaxError */
export function parsePattern(pattern: string): ParsedPattern {
  return new Parser(new PatternReader(pattern)).parse();
}

class Parser {
  private flags: Flags = { fold: false, lines: false, dotAll: false, swapGreed: false };
  private readonly groupNames: (string | undefined)[] = [undefined];
  private depth = 0;

  constructor(private readonly reader: PatternReader) {}

  parse(): ParsedPattern {
    const node = this.choice();
    if (!this.reader.atEnd) throw this.reader.error('the parenthesis ) was never opened');
    return { node, groupNames: this.groupNames };
  }

  private choice(): Node {
    if (++this.depth > MAX_DEPTH) throw this.reader.error(`more than ${MAX_DEPTH} parentheses stand within each other`);
    const nodes = [this.sequence()];
    while (this.reader.takeText('|')) nodes.push(this.sequence());
    this.depth--;
    return nodes.length === 1 ? nodes[0] : { type: 'choice', nodes };
  }

  private sequence(): Node {
    const nodes: Node[] = [];
    let repeated = false;
    while (!this.reader.atEnd && !this.reader.sees('|') && !this.reader.sees(')')) {
      const start = this.reader.offset;
      const repeat = this.repetition();
      if (repeat) {
        const operator = this.reader.pattern.slice(start, this.reader.offset);
        if (repeated) throw this.reader.error(`the repetition ${operator} follows another; put parentheses around what it repeats`, start);
        const node = nodes.pop();
        if (!node) throw this.reader.error(`the repetition ${operator} has nothing to repeat`, start);
        nodes.push(this.checked({ type: 'repeat', node, ...repeat }, start));
      } else {
        nodes.push(...this.atoms());
      }
      repeated = repeat !== undefined;
    }
    return nodes.length === 1 ? nodes[0] : { type: 'sequence', nodes };
  }

  /** Braces that hold no count are ordinary characters. */
  private repetition(): Omit<Repeat, 'type' | 'node'> | undefined {
    const match = this.reader.take(/(?:([*+?])|\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\})(\??)/y);
    if (!match) return undefined;
    const [, operator, low, comma, high, lazy] = match;
    const greedy = (lazy === '') !== this.flags.swapGreed;
    if (operator !== undefined) return { min: operator === '+' ? 1 : 0, max: operator === '?' ? 1 : Infinity, greedy };
    return { min: Number(low), max: comma === undefined ? Number(low) : high === undefined ? Infinity : Number(high), greedy };
  }

  private checked(repeat: Repeat, start: number): Repeat {
    const { min, max } = repeat;
    if (min > max) throw this.reader.error(`the repetition asks for at least ${min} and at most ${max}`, start);
    if (!isWithin(repeat, MAX_REPEAT)) throw this.reader.error(`more than ${MAX_REPEAT} repetitions, those within each other multiplied`, start);
    return repeat;
  }

  /** One place of the expression, none for flags, several for text within `\Q` and `\E`. */
  private atoms(): readonly Node[] {
    const { reader, flags } = this;
    if (reader.sees('(')) return this.parenthesis();
    if (reader.sees('[')) return [rune(bracketClass(reader, flags.fold))];
    if (reader.sees('\\')) return this.escape();
    if (reader.takeText('.')) return [rune(new RuneSet(flags.dotAll ? [] : [NEWLINE], true))];
    if (reader.takeText('^')) return [assertion(flags.lines ? 'begin-line' : 'begin-text')];
    if (reader.takeText('$')) return [assertion(flags.lines ? 'end-line' : 'end-text')];
    return [this.literal(reader.takeRune())];
  }

  private escape(): readonly Node[] {
    const quoted = this.reader.take(/\\Q(.*?)(?:\\E|$)/uys);
    if (quoted) return Array.from(quoted[1], (character) => this.literal(character.codePointAt(0)!));
    const position = this.reader.take(/\\[AzbB]/y);
    if (position) return [assertion(ESCAPED_ASSERTIONS[position[0]])];
    const item = classEscape(this.reader, this.flags.fold);
    return [item ? rune(new RuneSet([item])) : this.literal(runeEscape(this.reader))];
  }

  private parenthesis(): readonly Node[] {
    const start = this.reader.offset;
    const flags = this.reader.take(/\(\?([imsU]*)(-?)([imsU]*)([:)])/y);
    if (flags) {
      const [, on, minus, off, end] = flags;
      if (minus === '-' && off === '') throw this.reader.error('no flag follows the minus sign', start);
      const outer = this.flags;
      this.flags = { ...outer, ...given(on, true), ...given(off, false) };
      return end === ')' ? [] : [this.inside(outer, start)];
    }
    const name = this.reader.take(/\(\?P?<([0-9A-Za-z_]+)>/y)?.[1];
    if (name === undefined && this.reader.sees('(?')) throw this.unknownGroup();
    if (name === undefined) this.reader.takeText('(');
    else if (this.groupNames.includes(name)) throw this.reader.error(`two groups are named ${name}`, start);
    const index = this.groupNames.push(name) - 1;
    return [{ type: 'group', index, node: this.inside(this.flags, start) }];
  }

  /** Up to the closing parenthesis, after which the flags are those of before. */
  private inside(outer: Flags, start: number): Node {
    const node = this.choice();
    if (!this.reader.takeText(')')) throw this.reader.error('the parenthesis ( is not closed', start);
    this.flags = outer;
    return node;
  }

  private unknownGroup() {
    const start = this.reader.offset;
    const [text] = this.reader.take(/\(\?(?:<?[=!]|P?.?)/uys)!;
    if (/^\(\?<?[=!]/.test(text)) return this.reader.error(`${text} looks around, which RE2 cannot`, start);
    return this.reader.error(`${text} is no group of RE2; there are (…), (?:…), (?P<name>…), (?<name>…) and flags of i, m, s, U such as (?i)`, start);
  }

  private literal(codePoint: number): Node {
    return rune(RuneSet.of(codePoint, this.flags.fold));
  }
}

/** Whether the repetitions within each other, multiplied, stay within the limit. */
function isWithin(node: Node, limit: number): boolean {
  switch (node.type) {
    case 'rune':
    case 'assertion':
      return true;
    case 'group':
      return isWithin(node.node, limit);
    case 'sequence':
    case 'choice':
      return node.nodes.every((child) => isWithin(child, limit));
    case 'repeat': {
      if (node.max === 0) return true;
      const times = node.max === Infinity ? node.min : node.max;
      return times <= limit && isWithin(node.node, times > 0 ? Math.floor(limit / times) : limit);
    }
  }
}

function given(letters: string, on: boolean): Partial<Flags> {
  return Object.fromEntries(Array.from(letters, (letter) => [FLAGS[letter], on]));
}

function rune(set: RuneSet): Node {
  return { type: 'rune', set };
}

function assertion(kind: Assertion): Node {
  return { type: 'assertion', assertion: kind };
}
