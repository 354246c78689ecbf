import { CHECKS } from '../../../src/runtime/doctor/checks';
import { DOCTOR_USAGE } from '../../../src/runtime/doctor/flags';

/** What docs/doctor.md holds. */
export function doctorPage(): string {
  const rows = CHECKS.map(({ id, title }) => `| [${id}](#${id}) | ${title} |`);
  const sections = CHECKS.map(({ id, title, meaning, mend }) => `### ${id}\n\nAll is well when ${title}.\n\n${meaning}\n\n**To mend it:** ${mend}\n`);
  return `<!-- Generated from src/runtime/doctor/checks.ts by test/runtime/doctor/doctor-page.ts. -->
# What is wrong, and how to mend it

\`doctor\` looks at everything between kubelets and \`kubectl top\`, whichever metrics-server is installed, and changes nothing. From a machine with a kubeconfig:

\`\`\`sh
npx cdk8s-metrics-server doctor --kubeconfig ~/.kube/config
\`\`\`

In the companion's pod, where the network is the server's own and so are credentials and flags:

\`\`\`sh
kubectl exec -n kube-system deploy/metrics-server -- /metrics-server doctor
\`\`\`

The first sees more of the API, the second more of the network: where they differ, the difference is the answer. With few rights the doctor looks at
what it may and says what it could not look at. It shows its credentials to no kubelet whose certificate it cannot verify, and reads no Secret's data.

\`\`\`text
${DOCTOR_USAGE}\`\`\`

| severity | means | exit code |
|---|---|---|
| \`ok\` | it is as it should be | 0 |
| \`unknown\` | it could not be looked at: for lack of a right, from here, or in time | 0 |
| \`warning\` | it works, and is unwise or incomplete | 1 |
| \`error\` | figures are missing or not served | 3 |

The worst finding decides; 2 is for a wrong command line or kubeconfig. \`--output json\` prints \`{ "findings": [{ "check", "severity", "saw", "mend" }], "summary", "exitCode" }\`.

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
kubectl create clusterrole metrics-debug --verb=get --non-resource-url=/debug/nodes
kubectl create clusterrolebinding metrics-debug --clusterrole=metrics-debug --serviceaccount=default:default
kubectl port-forward -n kube-system service/metrics-server 8443:443 &
curl -k -H "Authorization: Bearer $(kubectl create token default)" https://localhost:8443/debug/nodes
\`\`\`

The log has a line when a node begins to fail, fails for another reason, or works again, with the number of nodes that fail; with \`--node-events\` (\`nodeEvents\` of the
construct) that is an Event of the node as well, which \`kubectl describe node\` shows. The metric
\`metrics_server_kubelet_failing_nodes\` counts them by reason, \`metrics_server_kubelet_request_failures_total\` the requests. A right that is missing
turns off one feature, and one warning names both: \`off\` is the feature, \`needs\` the right.
`;
}
