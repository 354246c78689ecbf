import { Flag } from '../../_facts/flags';

export const EXPLAIN_FLAGS: readonly Flag[] = ([
  ['certificate-authority', 'string', '', 'File with the CA bundle that the server is verified against'],
  ['external', 'bool', 'false', 'The metric is external, and --selector chooses among its series'],
  ['insecure-skip-tls-verify', 'bool', 'false', 'Do not verify the server, as is fit for kubectl port-forward'],
  ['kubeconfig', 'string', '', "Kubeconfig whose user asks; the pod's service account if empty"],
  ['metric-selector', 'string', '', 'Chooses among the series of a metric that describes objects'],
  ['name', 'string', '*', 'The object; * for all that --selector chooses'],
  ['namespace', 'string', 'default', 'Namespace of the objects, or of the autoscaler', 'n'],
  ['output', 'string', 'text', 'Form of the explanation, text or json', 'o'],
  ['resource', 'string', 'pods', 'What the metric describes: pods, ingresses.networking.k8s.io; metrics for the namespace itself'],
  ['selector', 'string', '', 'Chooses objects by their labels', 'l'],
  ['server', 'string', '', 'The server: https://localhost:8443. In its own pod the one that runs there, which is not verified'],
] as const).map(([name, type, defaultValue, usage, shorthand]) => ({ section: 'Metrics server', name, type, default: defaultValue, usage, shorthand }));

export const EXPLAIN_USAGE = `Tells where the values of a metric come from: the rule, the query, the answer, the objects, and what an autoscaler sees

Usage:
  metrics-server explain METRIC [flags]

Flags:
${EXPLAIN_FLAGS.map(({ name, shorthand, type, usage, default: value }) => (
  `  ${shorthand ? `-${shorthand}, ` : '    '}${`--${name}${type === 'bool' ? '' : ` ${type}`}`.padEnd(32)}${usage}${value && value !== 'false' ? ` (default ${value})` : ''}`
)).join('\n')}
`;
