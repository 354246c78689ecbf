import { Flag, FLAGS } from '../../_facts/flags';

/** As the server has them. */
const SHARED = [
  'kubeconfig', 'v', 'vmodule', 'logging-format', 'log-flush-frequency',
  ...['text', 'json'].flatMap((format) => [`log-${format}-split-stream`, `log-${format}-info-buffer-size`]),
];

const OWN: readonly Flag[] = [{
  section: 'Metrics server',
  name: 'http-bind-address',
  type: 'string',
  default: ':8080',
  usage: 'Address, all if empty, and port of /livez, /readyz and /metrics, without TLS',
}];

export const APPROVER_FLAGS: readonly Flag[] = [...OWN, ...FLAGS.filter(({ name }) => SHARED.includes(name))];

export const APPROVER_USAGE = `Approves the serving certificates that kubelets ask the cluster for (serverTLSBootstrap), where the Node has each name and address asked for

Usage:
  metrics-server approve-kubelet-serving [flags]

Flags:
${APPROVER_FLAGS.map(({ name, type, usage, default: value }) => `      ${`--${name} ${type}`.padEnd(38)}${usage}${value && ` (default ${value})`}`).join('\n')}

Everything that it does not approve is left as it is, for somebody else to approve or deny.
`;
