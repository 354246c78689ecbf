import { Flag } from '../../_facts/flags';

/** Flags of the doctor, beside those of the server. */
export const DOCTOR_FLAGS: readonly Flag[] = ([
  ['output', 'string', 'text', 'Form of the report, text or json'],
  ['service', 'string', '', 'Service of the server, as namespace/name; the one that the APIServices name if empty'],
  ['timeout', 'duration', '1m0s', 'Time for everything; what is not looked at by then is said to be unknown'],
] as const).map(([name, type, defaultValue, usage]) => ({ section: 'Metrics server', name, type, default: defaultValue, usage }));

export const DOCTOR_USAGE = `Looks at how metrics reach kubectl top and says what is wrong and how to mend it

Usage:
  metrics-server doctor [flags]

Flags:
      --kubeconfig string   Kubeconfig of whoever asks; the pod's service account, else $KUBECONFIG, else ~/.kube/config if empty
${DOCTOR_FLAGS.map(({ name, type, usage, default: value }) => `      ${`--${name} ${type}`.padEnd(22)}${usage}${value && ` (default ${value})`}`).join('\n')}

Flags of the server are taken too, and win over those that its pods have, such as --kubelet-preferred-address-types=InternalIP.

Exit codes: 0 nothing is wrong, 1 there are warnings, 2 the command line is wrong, 3 there are errors.
`;
