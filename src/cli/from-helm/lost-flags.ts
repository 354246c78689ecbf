import { Refused } from './accept';
import { Flag, itemsOf, lastFlag, listOf, readArguments } from './command-line';
import { propertyOf } from './mappings/args';
import { Translation } from './translation';
import { FLAGS } from '../../_facts/flags';
import { parseCommaList } from '../../runtime/flags/comma-list';
import { parseFlagValue } from '../../runtime/flags/flag-value';
import { Call, Expression } from '../typescript/expression';

/** Flags whose value is a file or a folder, which properties put where they like, and what counts without them. */
const FILES: Readonly<Record<string, string>> = {
  'cert-dir': '/tmp',
  'kubeconfig': '',
  'kubelet-certificate-authority': '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
  'kubelet-client-certificate': '',
  'kubelet-client-key': '',
  'tls-cert-file': '',
  'tls-private-key-file': '',
};

/** What is synthesized for a release. */
interface Synthesized {
  readonly properties: ReadonlyMap<string, Expression>;
  readonly refused: readonly Refused[];
  readonly objects: readonly any[];
}

/** Leaves each flag that the synthesized server lacks, unless something is said of it already: no mapping can lose one without a word. */
export function leaveLostFlags(flags: readonly Flag[], { properties, refused, objects }: Synthesized, to: Translation): void {
  const ours = flagsOfServer(objects);
  for (const flag of flags) {
    const property = propertyOf(flag.name);
    const isSaid = to.mentions(flag.from) || refused.some((one) => one.property === property);
    if (!isSaid && !isKept(flag, flags, ours)) to.leave(flag.from, reason(flag, property, properties.get(property)));
  }
}

function flagsOfServer(objects: readonly any[]): readonly Flag[] {
  const [{ args }] = objects.find(({ kind }) => kind === 'Deployment').spec.template.spec.containers;
  return readArguments(args.map((text: string, i: number) => ({ text, from: `args[${i}]` }))).flags;
}

function isKept(flag: Flag, flags: readonly Flag[], ours: readonly Flag[]): boolean {
  const { name, value = '', argument } = flag;
  const known = FLAGS.find((one) => one.name === name);
  if (ours.some((one) => one.argument === argument)) return true;
  if (!known) return false;
  if (known.type === 'strings') {
    const items = listOf(ours, name) ?? parseCommaList(known.default);
    return itemsOf(flag).every((item) => items.includes(item));
  }
  const kept = lastFlag(ours, name)?.value ?? known.default;
  const isSame = name in FILES ? kept !== '' || value === FILES[name] : parseFlagValue(known.type, kept) === parseFlagValue(known.type, value);
  return isSame || flag !== lastFlag(flags, name);
}

function reason({ name, argument }: Flag, property: string, expression: Expression | undefined): string {
  if (expression instanceof Call) return `${expression.path}() has no place for --${name}`;
  return `nothing that ${property} can be says ${argument} here`;
}
