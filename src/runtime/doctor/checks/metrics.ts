import { Check, Finding } from '../check';
import { Seen } from '../cluster-reader';
import { Examination } from '../examination';
import { namesOf } from '../findings';
import { API_SERVICE_NAMES, NodeMetrics } from '../objects';

/** Resolutions after which a figure is old. */
const OLD_AFTER = 4;

const NONE_MEND = 'wait for two scrapes after the start; then see the checks of kubelets and the log of the server (no metrics to serve)';

const KUBELETS_MEND = 'see the checks of kubelets, and the clocks';

export const METRICS: Check = {
  id: 'metrics',
  title: 'metrics are served',
  meaning: 'Metrics of nodes are read through kube-apiserver, as `kubectl top nodes` does, and compared with the nodes there are. A refusal in the words of `User'
    + ' "system:anonymous"` means that kube-apiserver does not prove itself to the server, so that every request counts as anonymous.',
  mend: 'Where the request fails, mend what `api-service-available`, `ca-bundle` and `requestheader-ca` say. Where nodes are missing, see the checks of kubelets. Never bind'
    + ' `system:anonymous` to a role.',
  async run(examination) {
    const seen = await nodeMetrics(examination);
    if (seen.why !== undefined) return [refusal(seen)];
    const visits = await examination.kubelets();
    const { metricResolutionMs } = await examination.options();
    const served = seen.object;
    if (served.length === 0) return [{ severity: 'error', saw: 'there are no metrics to serve: the list of nodes is empty', mend: NONE_MEND }];
    const known = new Set(served.map(({ metadata }) => metadata.name));
    const missing = (visits.object ?? []).map(({ node }) => node.name).filter((name) => !known.has(name));
    const oldMs = examination.now() - OLD_AFTER * metricResolutionMs;
    const old = served.filter(({ timestamp }) => Date.parse(timestamp) < oldMs).map(({ metadata }) => metadata.name);
    const findings: Finding[] = [];
    if (missing.length > 0) findings.push({ severity: 'warning', saw: `no metrics of ${missing.length} nodes: ${namesOf(missing)}`, mend: KUBELETS_MEND });
    if (old.length > 0) findings.push({ severity: 'warning', saw: `metrics of ${old.length} nodes are old: ${namesOf(old)}`, mend: KUBELETS_MEND });
    return findings.length > 0 ? findings : [{ severity: 'ok', saw: `metrics of ${served.length} nodes` }];
  },
};

/** In the version that kube-apiserver has registered. */
async function nodeMetrics(examination: Examination): Promise<Seen<readonly NodeMetrics[]>> {
  const registered = await Promise.all(API_SERVICE_NAMES.map(async (name) => ({ version: name.split('.')[0], seen: await examination.apiService(name) })));
  const { version } = registered.find(({ seen }) => seen.object) ?? { version: 'v1beta1' };
  return examination.reader.list(`/apis/metrics.k8s.io/${version}/nodes`);
}

function refusal({ why, message }: Extract<Seen<never>, { why: string }>): Finding {
  if (why === 'forbidden' && message.includes('"system:anonymous"')) {
    return {
      severity: 'error',
      saw: `kube-apiserver's requests reach the server as those of nobody: ${message}`,
      mend: 'start kube-apiserver with --proxy-client-cert-file and --proxy-client-key-file; do not bind system:anonymous to a role',
    };
  }
  if (why === 'unreachable') return { severity: 'unknown', saw: `metrics cannot be read: ${message}` };
  if (why === 'forbidden') return { severity: 'unknown', saw: `metrics may not be read by who asks: ${message}` };
  return { severity: 'error', saw: `metrics cannot be read: ${message}`, mend: 'see api-service-available, ca-bundle and endpoints' };
}
