import { DOCTOR_FLAGS } from './flags';
import { givenFlags } from './server-container';
import { Flag, FLAGS } from '../../_facts/flags';
import { Options, optionsFrom } from '../flags/options';
import { parseFlags } from '../flags/parse';
import { assignments } from '../flags/syntax';
import { UsageError } from '../flags/usage-error';

/** Name files of the pod, which only the pod has. */
const FILE_FLAGS = ['kubelet-certificate-authority', 'kubelet-additional-certificate-authorities', 'kubelet-client-certificate', 'kubelet-client-key'];
/** What else of the server's command line a check reads. */
const READ_FLAGS = ['metric-resolution', 'node-events', 'self-managed-cert-secret', 'self-managed-cert-service'];

const ALL_FLAGS: readonly Flag[] = [...FLAGS, ...DOCTOR_FLAGS];

/** Where the server's command line was found. */
export interface FlagSource {
  /** For people, such as `Pod kube-system/metrics-server-abc`. */
  readonly name: string;
  readonly line: readonly string[];
  /** The doctor runs beside the server: files are the same for both. */
  readonly isHere: boolean;
}

export interface KnownArguments {
  /** Of the doctor's own command line. */
  readonly argv: readonly string[];
  /** Undefined where nobody knows the server's. */
  readonly source: FlagSource | undefined;
  /** Files that the server's flags name may be here. */
  readonly inCluster: boolean;
  /** Uses the options as the server does; throws UsageError, as for a file that cannot be read. */
  readonly tryOut: (options: Options) => void;
}

export interface ServerFlags {
  readonly options: Options;
  /** Flags whose files cannot be read here: the options are without them. */
  readonly unread: readonly string[];
  /** What the server would refuse of its own flags: the options are without those. */
  readonly wrong: readonly string[];
  /** Flags of the server that the doctor's own command line gives. */
  readonly given: readonly string[];
}

/**
 * How the server was started: its own flags, but for those that the doctor's command line gives too.
 *
 * @throws UsageError for mistakes in the doctor's command line
 */
export function serverFlagsOf({ argv, source, inCluster, tryOut }: KnownArguments): ServerFlags {
  const given = new Set([...assignments(argv, ALL_FLAGS)].map(({ flag }) => flag.name));
  const found = givenFlags(source?.line ?? [])
    .flatMap(({ flag, text }) => 'section' in flag ? { flag, text } : [])
    .filter(({ flag, text }) => isRead(flag) && !given.has(flag.name) && text !== '');
  const isFile = ({ flag }: GivenFlag) => FILE_FLAGS.includes(flag.name);
  const isHere = source?.isHere ?? false;
  const { options, used } = understood(inCluster ? found : found.filter((one) => !isFile(one)), argv, tryOut);
  return {
    options,
    unread: isHere ? [] : found.filter((one) => isFile(one) && !used.includes(one)).map(({ flag }) => `--${flag.name}`),
    wrong: understood(found, [], isHere ? tryOut : () => {}).wrong,
    given: FLAGS.filter((flag) => isRead(flag) && given.has(flag.name)).map(({ name }) => `--${name}`),
  };
}

/** A flag of the server's command line, as it was written. */
interface GivenFlag {
  readonly flag: Flag;
  readonly text: string;
}

interface Understood {
  readonly options: Options;
  readonly used: readonly GivenFlag[];
  readonly wrong: readonly string[];
}

/** Leaves out the flags that a refusal names, until the rest is taken. */
function understood(found: readonly GivenFlag[], argv: readonly string[], tryOut: (options: Options) => void): Understood {
  try {
    const options = optionsFrom(parseFlags([...found.map(({ flag, text }) => `--${flag.name}=${text}`), ...argv], ALL_FLAGS));
    tryOut(options);
    return { options, used: found, wrong: [] };
  } catch (error) {
    const left = found.filter(({ flag }) => !new RegExp(`(?<!\\w-?)${flag.name}(?![\\w-])`).test((error as Error).message));
    if (!(error instanceof UsageError) || left.length === found.length) throw error;
    const rest = understood(left, argv, tryOut);
    return { ...rest, wrong: [...error.mistakes, ...rest.wrong] };
  }
}

function isRead({ name, section }: Flag): boolean {
  return READ_FLAGS.includes(name) || section === 'Kubelet client';
}
