import { Check, Finding } from '../check';
import { Seen } from '../cluster-reader';
import { Examination } from '../examination';
import { namesOf, notSeen } from '../findings';
import { API_SERVICE_NAMES } from '../objects';

const NONE_MEND = 'wait for two scrapes after the start; then see the checks of kubelets and the log of the server (no metrics to serve)';

const KUBELETS_MEND = 'see the checks of kubelets, and the clocks';

export const METRICS: Check = {
  id: 'metrics',
  title: 'metrics are served',
  meaning: 'Metrics of nodes are read through kube-apiserver, as `kubectl top nodes` does, in each version that is registered: HorizontalPodAutoscalers read `v1beta1`. They are'
    + ' compared with the nodes there are. A refusal in the words of `User "system:anonymous"` means that kube-apiserver does not prove itself to the server, so that every'
    + ' request counts as anonymous.',
  mend: 'Where the request fails, mend what `api-service-available`, `ca-bundle` and `requestheader-ca` say. Where nodes are missing, see the checks of kubelets. Never bind'
    + ' `system:anonymous` to a role.',
  async run(examination) {
    const findings = await Promise.all(API_SERVICE_NAMES.map((name) => served(name, examination)));
    if (findings.flat().length > 0) return findings.flat();
    return [{ severity: 'unknown', saw: 'no APIService is known to read metrics through: see api-service-registered' }];
  },
};

async function served(apiService: string, examination: Examination): Promise<Finding[]> {
  const registered = await examination.apiService(apiService);
  if (registered.why === 'absent') return [];
  const seen = await examination.nodeMetrics(apiService);
  // Who may not look at APIServices may read metrics: then it is those that tell what is registered.
  if (registered.why !== undefined && seen.why === 'absent') return [];
  if (seen.why !== undefined) return [refusal(apiService, seen)];
  const names = seen.object.map(({ metadata: { name } }) => name);
  if (names.length === 0) return [{ severity: 'error', saw: `there are no metrics to serve: the list of nodes in ${apiService} is empty`, mend: NONE_MEND }];
  const [nodes, fresh] = await Promise.all([examination.nodes(), examination.nodesWithMetrics()]);
  const missing = (nodes.object ?? []).map(({ name }) => name).filter((name) => !names.includes(name));
  const old = names.filter((name) => !fresh.has(name));
  const findings: Finding[] = [];
  if (missing.length > 0) findings.push({ severity: 'warning', saw: `no metrics of ${missing.length} nodes in ${apiService}: ${namesOf(missing)}`, mend: KUBELETS_MEND });
  if (old.length > 0) findings.push({ severity: 'warning', saw: `metrics of ${old.length} nodes in ${apiService} are old: ${namesOf(old)}`, mend: KUBELETS_MEND });
  return findings.length > 0 ? findings : [{ severity: 'ok', saw: `metrics of ${names.length} nodes in ${apiService}` }];
}

function refusal(apiService: string, { why, message }: Extract<Seen<never>, { why: string }>): Finding {
  if (why === 'forbidden' && message.includes('"system:anonymous"')) {
    return {
      severity: 'error',
      saw: `kube-apiserver's requests reach the server as those of nobody: ${message}`,
      mend: 'start kube-apiserver with --proxy-client-cert-file and --proxy-client-key-file; do not bind system:anonymous to a role',
    };
  }
  if (why === 'unreachable' || why === 'forbidden') return notSeen(`metrics in ${apiService}`, { why, message });
  return { severity: 'error', saw: `metrics in ${apiService} cannot be read: ${message}`, mend: 'see api-service-available, ca-bundle and endpoints' };
}
