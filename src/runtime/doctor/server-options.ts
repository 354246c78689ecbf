import { DOCTOR_FLAGS } from './flags';
import { Pod } from './objects';
import { Flag, FLAGS } from '../../_facts/flags';
import { Options, optionsFrom } from '../flags/options';
import { parseFlags } from '../flags/parse';
import { assignments } from '../flags/syntax';

/** Files of the pod, which only the pod has. */
const FILE_FLAGS = ['kubelet-certificate-authority', 'kubelet-client-certificate', 'kubelet-client-key'];
/** What else of the pod's arguments a check reads. */
const READ_FLAGS = ['metric-resolution', 'node-events', 'self-managed-cert-secret', 'self-managed-cert-service'];

export interface KnownArguments {
  /** Of the doctor's own command line. */
  readonly argv: readonly string[];
  /** Command lines that may be the server's, the most telling first. */
  readonly server: readonly (readonly string[])[];
  /** Files that the server's flags name can be read here. */
  readonly inCluster: boolean;
}

/** How the server was started: its own arguments, but for those that the doctor's command line gives too. */
export function optionsOfServer({ argv, server, inCluster }: KnownArguments): Options {
  const flags = [...FLAGS, ...DOCTOR_FLAGS];
  const given = new Set([...assignments(argv, flags)].map(({ flag }) => flag.name));
  const inherited = known(server.map(flagsIn).find((line) => line.length > 0) ?? []).filter(({ flag, text }) => isRead(flag, inCluster) && !given.has(flag.name) && text !== '');
  return optionsFrom(parseFlags([...inherited.map(({ flag, text }) => `--${flag.name}=${text}`), ...argv], flags));
}

function isRead({ name, section }: Flag, inCluster: boolean): boolean {
  return READ_FLAGS.includes(name) || section === 'Kubelet client' && (inCluster || !FILE_FLAGS.includes(name));
}

/** Command lines of containers. */
export function commandLinesOf(pods: readonly Pod[]): (readonly string[])[] {
  return pods.flatMap(({ spec: { containers } }) => containers.map(({ command = [], args = [] }) => [...command, ...args]));
}

function flagsIn(line: readonly string[]): readonly string[] {
  return line.includes('doctor') ? [] : line.filter((argument) => argument.startsWith('-'));
}

/** One by one, so that a flag that is not known here hides no other. */
function known(line: readonly string[]): { readonly flag: Flag; readonly text: string }[] {
  return line.flatMap((argument) => {
    try {
      return [...assignments([argument], FLAGS)].flatMap(({ flag, text }) => 'section' in flag ? { flag, text } : []);
    } catch {
      return [];
    }
  });
}
