import { DOCTOR_FLAGS } from './flags';
import { PodSpec } from './objects';
import { Flag, FLAGS } from '../../_facts/flags';
import { Options, optionsFrom } from '../flags/options';
import { parseFlags } from '../flags/parse';
import { assignments } from '../flags/syntax';

/** Name files of the pod, which only the pod has. */
const FILE_FLAGS = ['kubelet-certificate-authority', 'kubelet-additional-certificate-authorities', 'kubelet-client-certificate', 'kubelet-client-key'];
/** What else of the server's command line a check reads. */
const READ_FLAGS = ['metric-resolution', 'node-events', 'self-managed-cert-secret', 'self-managed-cert-service'];

/** Where the server's command line was found. */
export interface FlagSource {
  /** For people, such as `Pod kube-system/metrics-server-abc`. */
  readonly name: string;
  /** Command lines of its containers, one of which is the server's. */
  readonly lines: readonly (readonly string[])[];
}

export interface KnownArguments {
  /** Of the doctor's own command line. */
  readonly argv: readonly string[];
  /** Undefined where nobody knows the server's. */
  readonly source: FlagSource | undefined;
  /** Files that the server's flags name can be read here. */
  readonly inCluster: boolean;
}

export interface ServerFlags {
  readonly options: Options;
  /** Flags whose files cannot be read here: the options are without them. */
  readonly unread: readonly string[];
  /** Flags of the server that the doctor's own command line gives. */
  readonly given: readonly string[];
}

/** How the server was started: its own flags, but for those that the doctor's command line gives too. */
export function serverFlagsOf({ argv, source, inCluster }: KnownArguments): ServerFlags {
  const flags = [...FLAGS, ...DOCTOR_FLAGS];
  const given = new Set([...assignments(argv, flags)].map(({ flag }) => flag.name));
  const found = mostKnown(source).filter(({ flag, text }) => isRead(flag) && !given.has(flag.name) && text !== '');
  const isUnread = ({ flag }: Known) => !inCluster && FILE_FLAGS.includes(flag.name);
  const inherited = found.filter((one) => !isUnread(one)).map(({ flag, text }) => `--${flag.name}=${text}`);
  return {
    options: optionsFrom(parseFlags([...inherited, ...argv], flags)),
    unread: found.filter(isUnread).map(({ flag }) => `--${flag.name}`),
    given: FLAGS.filter((flag) => isRead(flag) && given.has(flag.name)).map(({ name }) => `--${name}`),
  };
}

export function commandLinesOf({ containers }: PodSpec): (readonly string[])[] {
  return containers.map(({ command = [], args = [] }) => [...command, ...args]);
}

interface Known {
  readonly flag: Flag;
  readonly text: string;
}

function isRead({ name, section }: Flag): boolean {
  return READ_FLAGS.includes(name) || section === 'Kubelet client';
}

/** The server's is the line of which the server understands most: a nanny or a proxy may stand before it. */
function mostKnown(source: FlagSource | undefined): readonly Known[] {
  const lines = (source?.lines ?? []).map(known);
  return lines.reduce((most, line) => line.length > most.length ? line : most, []);
}

/** One by one, so that a flag that is not known here hides no other. */
function known(line: readonly string[]): readonly Known[] {
  return line.flatMap((argument, i) => argument.startsWith('-') ? assigned([argument]) ?? assigned([argument, line[i + 1] ?? '']) ?? [] : []);
}

function assigned(argv: readonly string[]): readonly Known[] | undefined {
  try {
    return [...assignments(argv, FLAGS)].flatMap(({ flag, text }) => 'section' in flag ? { flag, text } : []);
  } catch {
    return undefined;
  }
}
