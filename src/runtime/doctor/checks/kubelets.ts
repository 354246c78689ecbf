import { ScrapeFailureReason } from '../../scrape/outcome';
import { Check, Finding, Severity } from '../check';
import { Examination } from '../examination';
import { namesOf, notSeen } from '../findings';
import { KubeletVisit } from '../kubelet-visits';

/** A check of kubelets is about some of the reasons why they give no metrics. */
interface Subject {
  readonly reasons: readonly ScrapeFailureReason[];
  /** What can be said of the kubelets that passed. */
  readonly passed: string;
  readonly severityOf?: (examination: Examination) => Promise<Severity>;
  readonly mends: Readonly<Partial<Record<ScrapeFailureReason, string>>>;
}

const REACHABLE: Subject = {
  reasons: ['no-address', 'dns', 'refused', 'unreachable', 'timeout'],
  passed: 'can be reached',
  mends: {
    'no-address': 'add a type that the nodes have to --kubelet-preferred-address-types',
    'dns': 'set --kubelet-preferred-address-types=InternalIP,Hostname: the names of nodes are not known to DNS here',
    'refused': 'check the kubelet and its port (--kubelet-port, --kubelet-use-node-status-port)',
    'unreachable': 'check routes, NetworkPolicies and firewalls between pods and nodes',
    'timeout': 'open port 10250 of the nodes to pods, or see why the kubelet is slow',
  },
};

const CERTIFICATE: Subject = {
  reasons: ['x509-unknown-authority', 'x509-name-mismatch', 'x509-expired', 'tls'],
  passed: 'show a certificate that is verified',
  severityOf: async (examination) => (await examination.options()).kubelet.insecureTls ? 'warning' : 'error',
  mends: {
    'x509-unknown-authority': 'give kubelets certificates of the cluster\'s CA (serverTLSBootstrap: true, and approve their CSRs), or name the CA that signed them'
      + ' with --kubelet-certificate-authority',
    'x509-name-mismatch': 'reissue the certificates with the names or addresses of the nodes (serverTLSBootstrap: true)',
    'x509-expired': 'renew the certificates (rotateCertificates, serverTLSBootstrap), or set the clocks',
    'tls': 'see the log of the kubelet',
  },
};

const AUTHORIZATION: Subject = {
  reasons: ['unauthorized', 'forbidden'],
  passed: 'let the one who asks read metrics',
  mends: {
    unauthorized: 'turn on webhook authentication of kubelets (authentication.webhook.enabled: true), or give --kubelet-client-certificate',
    forbidden: 'grant get on nodes/metrics (nodes/stats for --kubelet-source=summary), and set authorization.mode: Webhook of kubelets',
  },
};

const PAGE: Subject = {
  reasons: ['http-status', 'protocol', 'too-large', 'parse', 'empty'],
  passed: 'answer with metrics',
  mends: {
    'http-status': 'see the log of the kubelet; those before Kubernetes 1.14 and some virtual ones have no /metrics/resource: --kubelet-source=auto',
    'empty': 'wait a minute after the kubelet has started; then see its container runtime',
  },
};

export const KUBELET_REACHABLE: Check = {
  id: 'kubelet-reachable',
  title: 'kubelets can be reached',
  meaning: 'Each node\'s kubelet is asked as the server asks it: at its addresses in the order of `--kubelet-preferred-address-types`, until one is reached, at the port of the flags.'
    + ' The doctor asks from where it runs: outside of the cluster\'s network, run it in a pod instead (`kubectl exec`).',
  mend: 'By reason: `dns`: the node\'s name is not resolvable in pods, prefer `InternalIP`; `refused`: check the port; `unreachable`, `timeout`: open port 10250 of the'
    + ' nodes to pods.',
  run: (examination) => look(REACHABLE, examination),
};

export const KUBELET_CERTIFICATE: Check = {
  id: 'kubelet-certificate',
  title: 'kubelets\' certificates are verified',
  meaning: 'The certificate that a kubelet shows must be signed by the cluster\'s CA, or the one of `--kubelet-certificate-authority`, and name the node or one of its addresses.'
    + ' Kubelets of kubeadm sign their own unless `serverTLSBootstrap` is set: `x509: certificate signed by unknown authority`, or `cannot validate certificate … because it'
    + ' doesn\'t contain any IP SANs`. With `--kubelet-insecure-tls` this is a warning: whoever can stand in the way gets the server\'s token.',
  mend: 'Set `serverTLSBootstrap: true` in the kubelets\' configuration and approve their CSRs, as `KubeletServingApprover` does, or give the CA with `--kubelet-certificate-authority`.',
  run: (examination) => look(CERTIFICATE, examination),
};

export const KUBELET_AUTHORIZATION: Check = {
  id: 'kubelet-authorization',
  title: 'kubelets let metrics be read',
  meaning: 'Kubelets ask kube-apiserver who a token is of (else 401) and whether that user may `get nodes/metrics` (else 403). The doctor shows its own credentials, and only'
    + ' to kubelets that it could verify; what the server\'s ServiceAccount may do, `server-rights` tells.',
  mend: 'After 401: `authentication.webhook.enabled: true` in the kubelets\' configuration. After 403: bind the ServiceAccount to a ClusterRole with `get` on'
    + ' `nodes/metrics`, and set `authorization.mode: Webhook`.',
  run: (examination) => look(AUTHORIZATION, examination),
};

export const KUBELET_PAGE: Check = {
  id: 'kubelet-page',
  title: 'kubelets answer with metrics',
  meaning: 'Each kubelet\'s page (`--kubelet-source`) must be an answer with usage of the node or of containers.',
  mend: 'See the kubelet\'s log, and whether its container runtime answers. After 404, pass `--kubelet-source=auto`.',
  run: (examination) => look(PAGE, examination),
};

async function look(subject: Subject, examination: Examination): Promise<Finding[]> {
  const visits = await examination.kubelets();
  if (visits.why !== undefined) return [notSeen('nodes', visits)];
  const { reasons, passed } = subject;
  const all = visits.object;
  if (all.length === 0) return [{ severity: 'error', saw: 'there is no node to ask', mend: 'check --node-selector' }];
  // What failed for a reason of an earlier check says nothing about this one, and a later one means that this passed.
  const judged = all.filter(({ outcome: { failure } }) => failure === undefined || stageOf(failure.reason) >= stageOf(reasons[0]));
  const failing = judged.filter(({ outcome: { failure } }) => failure !== undefined && reasons.includes(failure.reason));
  if (judged.length === 0) return [{ severity: 'unknown', saw: 'no kubelet got so far: see the checks of kubelets before' }];
  if (failing.length === 0) return [{ severity: 'ok', saw: `${judged.length} of ${all.length} kubelets ${passed}` }];
  const severity = await subject.severityOf?.(examination) ?? 'error';
  const visitsOf = (reason: ScrapeFailureReason) => failing.filter(({ outcome }) => outcome.failure?.reason === reason);
  return reasons.flatMap((reason) => finding(reason, visitsOf(reason), all.length, severity, subject));
}

/** A node that is not ready is expected to fail. */
function finding(
  reason: ScrapeFailureReason, visits: readonly KubeletVisit[], count: number, severity: Severity, { mends }: Subject,
): Finding[] {
  if (visits.length === 0) return [];
  const [{ outcome: { address, certificateNames, failure } }] = visits;
  const names = certificateNames === undefined ? '' : `; its certificate names ${certificateNames}`;
  const places = namesOf(visits.map(({ node: { name, ready } }) => ready ? name : `${name} (not ready)`));
  return [{
    severity: visits.every(({ node }) => !node.ready) ? 'warning' : severity,
    saw: `${visits.length} of ${count} kubelets: ${reason}: ${places}; at ${address ?? 'no address'}: ${failure!.message}${names}`,
    mend: mends[reason] ?? 'see the log of the kubelet',
  }];
}

function stageOf(reason: ScrapeFailureReason): number {
  return [REACHABLE, CERTIFICATE, AUTHORIZATION, PAGE].findIndex(({ reasons }) => reasons.includes(reason));
}
