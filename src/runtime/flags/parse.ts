import { FlagValue, FlagValues, parseFlagValue } from './flag-value';
import { assignments } from './syntax';
import { InvalidValueError, UsageError } from './usage-error';
import { Flag, FLAGS, FlagType } from '../../_facts/flags';
import { goQuote } from '../go-quote';

/** Every command line knows it, so no section of the help lists it. */
export const HELP: Flag = { section: 'Metrics server', name: 'help', shorthand: 'h', type: 'bool', default: 'false', usage: 'Print this help and exit' };

interface Setting {
  readonly flag: Flag;
  /** The value as written, for messages. */
  readonly text: string;
  readonly value: FlagValue;
  readonly given: boolean;
}

/** The value of every flag, given or by default. */
export class ParsedFlags {
  constructor(
    private readonly settings: ReadonlyMap<string, Setting>,
    /** Names of given flags that metrics-server has dropped, each once. */
    public readonly dropped: readonly string[] = [],
  ) {}

  /** The value of a flag, in the form that its type has. */
  public get<T extends FlagType>(type: T, name: string): FlagValues[T] {
    const { flag, value } = this.setting(name);
    if (flag.type !== type) {
      throw new TypeError(`--${name} is of type ${flag.type}, not ${type}`);
    }
    return value as FlagValues[T];
  }

  /** Whether a switch is on, or a text is not empty. */
  public isSet(name: string): boolean {
    const { value } = this.setting(name);
    return value !== false && value !== '' && !(Array.isArray(value) && value.length === 0);
  }

  /** The value as it was written, for messages. */
  public text(name: string): string {
    return this.setting(name).text;
  }

  private setting(name: string): Setting {
    const setting = this.settings.get(name);
    if (!setting) {
      throw new TypeError(`no flag --${name} in the table of flags`);
    }
    return setting;
  }
}

/**
 * Reads a command line, without the program's name, as pflag does. `help` (`-h`) is known beside the given flags.
 *
 * @throws UsageError at the first mistake
 */
export function parseFlags(argv: readonly string[], flags: readonly Flag[] = FLAGS): ParsedFlags {
  const known = [...flags, HELP];
  const settings = new Map(known.map((flag) => [flag.name, byDefault(flag)]));
  const dropped = new Set<string>();
  for (const { flag, text } of assignments(argv, known)) {
    if ('section' in flag) settings.set(flag.name, assign(flag, text, settings.get(flag.name)!));
    else dropped.add(flag.name);
  }
  return new ParsedFlags(settings, [...dropped]);
}

function byDefault(flag: Flag): Setting {
  return { flag, text: flag.default, value: parseFlagValue(flag.type, flag.default), given: false };
}

/** The last occurrence of a flag wins, but a blank IP; of a list, the first replaces the default and later ones append. */
function assign(flag: Flag, text: string, previous: Setting): Setting {
  const value = valueOf(flag, text);
  if (flag.type === 'ip' && value === '') {
    return previous;
  }
  if (Array.isArray(value) && previous.given) {
    return { flag, text: `${previous.text},${text}`, value: [...previous.value as readonly unknown[], ...value] as unknown as FlagValue, given: true };
  }
  return { flag, text, value, given: true };
}

function valueOf(flag: Flag, text: string): FlagValue {
  try {
    return parseFlagValue(flag.type, text);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) {
      throw error;
    }
    const spelling = flag.shorthand ? `-${flag.shorthand}, --${flag.name}` : `--${flag.name}`;
    throw new UsageError([`invalid argument ${goQuote(text)} for ${goQuote(spelling)} flag: ${error.message}`]);
  }
}
