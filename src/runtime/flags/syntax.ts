import { UsageError } from './usage-error';
import { DroppedFlag, droppedFlag, Flag } from '../../_facts/flags';
import { nearest } from '../../_facts/nearest';
import { goQuote } from '../go-quote';

/** One occurrence of a flag on the command line. */
export interface Assignment {
  readonly flag: Flag | DroppedFlag;
  readonly text: string;
}

/**
 * The flags of a command line in their order, in pflag's syntax: `--name=value`, `--name value`, `-n value`, `-n=value`,
 * `-nvalue`; booleans take a value only behind `=`. Positional arguments are skipped, as metrics-server skips them.
 *
 * @throws UsageError at the first argument that is no known flag or lacks its value
 */
export function* assignments(argv: readonly string[], flags: readonly Flag[]): Generator<Assignment, void, undefined> {
  for (const part of parts(argv, flags)) if (typeof part !== 'string') yield part;
}

/** The positional arguments of a command line: neither flags nor values of flags. Throws as `assignments` does. */
export function positionalArguments(argv: readonly string[], flags: readonly Flag[]): string[] {
  return [...parts(argv, flags)].filter((part) => typeof part === 'string');
}

function* parts(argv: readonly string[], flags: readonly Flag[]): Generator<Assignment | string, void, undefined> {
  const line = new CommandLine(argv, flags);
  for (let argument = line.next(); argument !== undefined; argument = line.next()) {
    if (argument === '--') {
      yield* line.rest();
    } else if (argument.startsWith('--')) {
      yield line.long(argument);
    } else if (isDropped(argument)) {
      yield line.long(`-${argument}`);
    } else if (argument.startsWith('-') && argument !== '-') {
      yield* line.short(argument.slice(1));
    } else {
      yield argument;
    }
  }
}

class CommandLine {
  private readonly byName: ReadonlyMap<string, Flag>;
  private readonly byShorthand: ReadonlyMap<string | undefined, Flag>;
  private position = 0;

  constructor(private readonly argv: readonly string[], flags: readonly Flag[]) {
    this.byName = new Map(flags.map((flag) => [flag.name, flag]));
    this.byShorthand = new Map(flags.filter(({ shorthand }) => shorthand).map((flag) => [flag.shorthand, flag]));
  }

  public next(): string | undefined {
    return this.argv[this.position++];
  }

  /** All that is left, as it is. */
  public rest(): readonly string[] {
    return this.argv.slice(this.position, this.position = this.argv.length);
  }

  public long(argument: string): Assignment {
    const [, name, text] = /^--([^=-][^=]*)(?:=(.*))?$/s.exec(argument) ?? usageError(`bad flag syntax: ${oneLine(argument)}`);
    const flag = this.byName.get(name) ?? droppedFlag(name) ?? usageError(`unknown flag: --${oneLine(name)}${this.suggestionFor(name)}`);
    return { flag, text: text ?? this.valueOf(flag, `--${name}`) };
  }

  /** `-v5` is a flag with its value; `-hv5` is a boolean flag, then another. */
  public* short(shorthands: string): Generator<Assignment, void, undefined> {
    for (let rest = shorthands; rest !== '';) {
      const letter = rest[0];
      const flag = this.byShorthand.get(letter)
        ?? usageError(`unknown shorthand flag: '${oneLine(letter)}' in -${oneLine(rest)}${this.suggestionFor(shorthands.replace(/=.*/s, ''))}`);
      if (/^.=./s.test(rest)) {
        yield { flag, text: rest.slice(2) };
        return;
      }
      if (flag.type !== 'bool' && rest.length > 1) {
        yield { flag, text: rest.slice(1) };
        return;
      }
      yield { flag, text: this.valueOf(flag, `'${letter}' in -${oneLine(rest)}`) };
      rest = rest.slice(1);
    }
  }

  /** The value of a flag that has none attached. */
  private valueOf(flag: Flag | DroppedFlag, spelling: string): string {
    return flag.type === 'bool' ? 'true' : this.next() ?? usageError(`flag needs an argument: ${spelling}`);
  }

  private suggestionFor(name: string): string {
    const known = nearest(name, this.byName.keys());
    return known ? `, did you mean --${known}?` : '; --help lists every flag';
  }
}

/** With one dash, as klog and Heapster had them. metrics-server takes `-logtostderr` for a node selector, `-l ogtostderr`. */
function isDropped(argument: string): boolean {
  return argument.startsWith('-') && droppedFlag(argument.slice(1).replace(/=.*/s, '')) !== undefined;
}

/** What the user typed, on one line, whatever it holds. */
function oneLine(text: string): string {
  return goQuote(text).slice(1, -1);
}

function usageError(mistake: string): never {
  throw new UsageError([mistake]);
}
