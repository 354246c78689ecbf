import { Values } from './values';

/** A flag of the server's command line, and the value of the chart that it comes from. */
export interface Flag {
  readonly name: string;
  /** Without one it is a switch. */
  readonly value?: string;
  /** The argument as this package writes it: `--flag` or `--flag=value`. */
  readonly argument: string;
  /** Path in the values: `args[1]`. */
  readonly from: string;
}

/** Flags that take no value behind a space. */
const SWITCHES = ['kubelet-insecure-tls', 'kubelet-use-node-status-port', 'deprecated-kubelet-completely-insecure', 'authentication-skip-lookup',
  'authentication-tolerate-lookup-failure', 'version', 'help'];

/** Every flag that the values give the server, in the order in which it reads them: of a flag given twice, the last counts. */
export function flagsOf(values: Values): Flag[] {
  return ['defaultArgs', 'args'].flatMap((path) => [...flagsIn(values.list(path).map(String), path)]);
}

export function lastFlag(flags: readonly Flag[], name: string): Flag | undefined {
  return flags.filter((flag) => flag.name === name).pop();
}

/** Items of a flag that is a list, each once: given again, it adds to what was given before. Undefined where it is not given. */
export function listOf(flags: readonly Flag[], name: string): readonly string[] | undefined {
  const given = flags.filter((flag) => flag.name === name);
  return given.length > 0 ? [...new Set(given.flatMap(itemsOf))] : undefined;
}

export function itemsOf({ value = '' }: Flag): string[] {
  return value.split(',').map((item) => item.trim()).filter(Boolean);
}

/** Whether a switch is on. A flag that is none is on where it is given. */
export function isOn(flag: Flag | undefined): boolean {
  return flag !== undefined && !['false', 'f', 'F', 'FALSE', 'False', '0'].includes(flag.value ?? '');
}

function* flagsIn(args: readonly string[], path: string): Generator<Flag> {
  for (let i = 0; i < args.length; i++) {
    const from = `${path}[${i}]`;
    const [, dashes, name, assigned] = /^(--?)([A-Za-z][-\w.]*)(?:[=\s]([\s\S]*))?$/.exec(args[i].trim()) ?? [];
    if (name === undefined) {
      yield { name: args[i], argument: args[i], from };
      continue;
    }
    const next = args[i + 1];
    const takesNext = assigned === undefined && !SWITCHES.includes(name) && next !== undefined && !next.startsWith('-');
    if (takesNext) i += 1;
    const value = takesNext ? next : assigned;
    yield { name, value, argument: value === undefined ? `${dashes}${name}` : `${dashes}${name}=${value}`, from };
  }
}
