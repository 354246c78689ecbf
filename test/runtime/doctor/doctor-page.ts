import { stringify } from 'yaml';
import { READER_ROLE } from './reader-role';
import { CHECKS } from '../../../src/runtime/doctor/checks';
import { EXIT_CODES } from '../../../src/runtime/doctor/diagnosis';
import { DOCTOR_USAGE } from '../../../src/runtime/doctor/flags';

/** What docs/doctor.md holds. */
export function doctorPage(): string {
  const rows = CHECKS.map(({ id, title }) => `| [${id}](#${id}) | ${title} |`);
  const sections = CHECKS.map(({ id, title, meaning, mend }) => `### ${id}\n\nAll is well when ${title}.\n\n${meaning}\n\n**To mend it:** ${mend}\n`);
  return `<!-- Generated from src/runtime/doctor/checks.ts by test/runtime/doctor/doctor-page.ts. -->
# What is wrong, and how to mend it

\`doctor\` looks at everything between kubelets and \`kubectl top\`, whichever metrics-server is installed, and changes nothing. From a machine with a kubeconfig,
beside the package, which is not published yet ([install it from a clone](../README.md#install)):

\`\`\`sh
npx cdk8s-metrics-server doctor --kubeconfig ~/.kube/config
\`\`\`

In the companion's pod, where the network is the server's own and so are credentials and flags:

\`\`\`sh
kubectl exec -n kube-system deploy/metrics-server -- /metrics-server doctor
\`\`\`

The first sees more of the API, the second more of the network: where they differ, the difference is the answer. From outside, what cannot be reached
counts as well where the server's figures prove it: a node whose metrics are fresh has a kubelet that the server reads. With few rights the doctor looks at
what it may and says what it could not look at. In the server's pod, or in a Job with its ServiceAccount, it cannot look at the Service, its endpoints and who is an administrator:
that is skipped there, and does not count. It shows its credentials to no kubelet whose certificate it cannot verify, and reads no Secret's data. [autoscalers.md](autoscalers.md)
begins at what an autoscaler says.

All checks are made at once: one that hangs keeps no other waiting. A request to kube-apiserver may take 10 s, one to a kubelet 5 s and all of those
half of \`--timeout\`.

\`\`\`text
${DOCTOR_USAGE}\`\`\`

| severity | means | exit code |
|---|---|---|
| \`ok\` | it is as it should be | ${EXIT_CODES.ok} |
| \`skipped\` | the doctor does not look there, or the server itself asks and has no right to: it needs none, and nothing follows for it | ${EXIT_CODES.skipped} |
| \`warning\` | it works, and is unwise or incomplete | ${EXIT_CODES.warning} |
| \`unknown\` | it could not be looked at: for lack of a right, from here, or in time | ${EXIT_CODES.unknown} |
| \`error\` | figures are missing or not served | ${EXIT_CODES.error} |

The worst finding decides, the last row being the worst: behind what is unknown there may be an error. 2 is for a wrong command line, and for a
kubeconfig that is missing or wrong: then nothing is printed but the mistake.

\`--output json\` prints one object. Its fields keep their names and meaning, and further ones may come:

| field | holds |
|---|---|
| \`findings[].check\` | which [check](#checks) |
| \`findings[].severity\` | \`ok\`, \`skipped\`, \`warning\`, \`unknown\` or \`error\` |
| \`findings[].saw\` | what was seen, in words that may change |
| \`findings[].mend\` | what to do about it, in words that may change; commands stand in backquotes. Absent when there is nothing to do |
| \`summary.ok\`, \`.skipped\`, \`.warning\`, \`.unknown\`, \`.error\` | how many findings there are of each severity |
| \`exitCode\` | the exit code |

With these rights there is nothing that whoever asks may not look at; the name of the Secret is the server's with \`-serving-certificate\`:

\`\`\`yaml
${stringify(READER_ROLE)}\`\`\`

## Checks

| check | all is well when |
|---|---|
${rows.join('\n')}

${sections.join('\n')}
## What a running server knows

\`GET /debug/nodes\` of the server says of each node: the last success, why the last scrape failed, attempts by address, and the names that its
certificate offers. It takes JSON or a table, by \`Accept\` or \`?output=json\` and \`?output=table\`, and is authorized as a path that is no
resource:

\`\`\`sh
kubectl create serviceaccount -n kube-system metrics-debug
kubectl create clusterrole metrics-debug-nodes --verb=get --non-resource-url=/debug/nodes
kubectl create clusterrolebinding metrics-debug-nodes --clusterrole=metrics-debug-nodes --serviceaccount=kube-system:metrics-debug
kubectl port-forward -n kube-system service/metrics-server 8443:443 &
curl -k -H "Authorization: Bearer $(kubectl create token -n kube-system metrics-debug)" https://localhost:8443/debug/nodes
\`\`\`

Afterwards:

\`\`\`sh
kubectl delete clusterrolebinding,clusterrole metrics-debug-nodes
kubectl delete serviceaccount -n kube-system metrics-debug
\`\`\`

The chart gives the same right, to people before they need it at night: \`metricsServer.grantDebugNodes(MetricsReader.group('on-call'))\`.

The log has a line when a node begins to fail, fails for another reason, or works again, with the number of nodes that fail; with \`--node-events\` (\`nodeEvents\` of the
construct) that is an Event of the node as well, which \`kubectl describe node\` shows. The metric
\`metrics_server_kubelet_failing_nodes\` counts them by reason, \`metrics_server_kubelet_request_failures_total\` the requests. A right that is missing
turns off one feature, and one warning names both: \`off\` is the feature, \`needs\` the right.
`;
}
