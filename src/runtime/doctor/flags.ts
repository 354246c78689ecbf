import { wrapped } from './wrapped';
import { Flag, FlagType } from '../../_facts/flags';

const ROWS: readonly (readonly [name: string, type: FlagType, defaultValue: string, usage: string, shorthand?: string])[] = [
  ['context', 'string', '', 'Context of the kubeconfig; its current one if empty'],
  ['output', 'string', 'text', 'Form of the report, text or json', 'o'],
  ['service', 'string', '', 'Service of the server, as namespace/name; the one that the APIServices name if empty'],
  ['timeout', 'duration', '1m0s', 'Time for all checks, which are made at once; what is not looked at by then is unknown'],
];

/** Flags of the doctor, beside those of the server. */
export const DOCTOR_FLAGS: readonly Flag[] = ROWS.map(([name, type, defaultValue, usage, shorthand]) => (
  { section: 'Metrics server', name, type, default: defaultValue, usage, shorthand }
));

type Described = Pick<Flag, 'name' | 'type' | 'usage' | 'default' | 'shorthand'>;

const KUBECONFIG: Described = {
  name: 'kubeconfig', type: 'string', default: '', usage: 'Kubeconfig of whoever asks; the pod\'s service account, else the files of $KUBECONFIG, merged as kubectl does, else ~/.kube/config if empty',
};

const COLUMN = 28;
const WIDTH = 80;

export const DOCTOR_USAGE = `Looks at how metrics reach kubectl top and says what is wrong and how to mend it

Usage:
  metrics-server doctor [flags]

Flags:
${[KUBECONFIG, ...DOCTOR_FLAGS].flatMap(usageLines).join('\n')}

Flags of the server are taken too, and win over those that its pods have, such
as --kubelet-preferred-address-types=InternalIP.

Exit codes, of the worst that was found:
  0  nothing is wrong, and everything was looked at, but for what the server
     itself, when it asks, has no right to
  1  there are warnings
  3  there are errors
  4  there is no error among what could be looked at, and not all could be
  2  the command line or the kubeconfig is wrong: nothing was looked at
`;

function usageLines({ name, shorthand, type, usage, default: value }: Described): string[] {
  const lines = wrapped(`${usage}${value && ` (default ${value})`}`, WIDTH - COLUMN);
  return lines.map((line, i) => (i === 0 ? `  ${shorthand === undefined ? '   ' : `-${shorthand},`} --${name} ${type}` : '').padEnd(COLUMN) + line);
}
