import { refusedByMetricsServer, unverified } from './kubelet-certificates';
import { FEATURES } from '../../../_facts/rights';
import { ScrapeFailureReason } from '../../scrape/outcome';
import { missingOf, selfReview } from '../access-reviews';
import { Check, Finding } from '../check';
import { Seen } from '../cluster-reader';
import { Examination } from '../examination';
import { FROM_INSIDE, namesOf, notSeen } from '../findings';
import { KubeletVisit } from '../kubelet-visits';

/** A check of kubelets is about some of the reasons why they give no metrics. */
interface Subject {
  readonly reasons: readonly ScrapeFailureReason[];
  /** What can be said of the kubelets that passed. */
  readonly passed: string;
  /** How bad a failure is, and another mend than the usual one; an error if undefined. */
  readonly judge?: (reason: ScrapeFailureReason, examination: Examination) => Promise<Partial<Finding> | undefined>;
  readonly mends: Readonly<Partial<Record<ScrapeFailureReason, string>>>;
}

const REACHABLE: Subject = {
  reasons: ['no-address', 'dns', 'refused', 'unreachable', 'timeout'],
  passed: 'can be reached',
  judge: async (reason, { inCluster }) => inCluster || reason === 'no-address' ? undefined : { severity: 'unknown', mend: FROM_INSIDE },
  mends: {
    'no-address': 'name a type of address that the nodes have, as `kubectl get nodes -o wide` shows, in --kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    'dns': 'set --kubelet-preferred-address-types=InternalIP,Hostname: the names of nodes are not known to DNS here',
    'refused': 'check the kubelet and its port (--kubelet-port, --kubelet-use-node-status-port)',
    'unreachable': 'check routes, NetworkPolicies and firewalls between pods and nodes',
    'timeout': 'open port 10250 of the nodes to pods, or see why the kubelet is slow',
  },
};

const CERTIFICATE: Subject = {
  reasons: ['x509-unknown-authority', 'x509-name-mismatch', 'x509-weak', 'x509-expired', 'tls'],
  passed: 'show a certificate that is verified',
  async judge(reason, examination) {
    const { options, unread } = await examination.serverFlags();
    if (options.kubelet.insecureTls) return { severity: 'warning' };
    if (reason === 'x509-unknown-authority' && unread.length > 0) return { severity: 'unknown', mend: FROM_INSIDE };
    return undefined;
  },
  mends: {
    'x509-unknown-authority': 'set serverTLSBootstrap: true in the kubelets\' configuration, restart them, and approve what they ask for: see `kubectl get csr`, then'
      + ' `kubectl certificate approve <name>`, or let KubeletServingApprover do it; or name the CA that signed their certificates with --kubelet-certificate-authority',
    'x509-name-mismatch': 'have the certificates name the node or one of its addresses: with serverTLSBootstrap: true in the kubelets\' configuration they do, once they are'
      + ' approved (`kubectl get csr`)',
    'x509-weak': 'reissue the certificates, signed over SHA-256 and with RSA keys of 2048 bits or ECDSA keys: with serverTLSBootstrap: true in the kubelets\' configuration'
      + ' they are, once they are approved (`kubectl get csr`)',
    'x509-expired': 'renew the certificates (rotateCertificates, serverTLSBootstrap), or set the clocks',
    'tls': 'see the log of the kubelet',
  },
};

const AUTHORIZATION: Subject = {
  reasons: ['unauthorized', 'forbidden'],
  passed: 'let the one who asks read metrics',
  async judge(reason, examination) {
    if (reason !== 'forbidden') return undefined;
    const [asker, server, right] = await Promise.all([examination.user(), examination.serverUser(), rightToKubelets(examination)]);
    if (right.object?.length === 0) return { mend: 'set authorization.mode: Webhook in the kubelets\' configuration, and restart them: kube-apiserver grants what they refuse' };
    if (asker === server) return undefined;
    return { severity: 'unknown', mend: `${FROM_INSIDE}: ${asker ?? 'who asks'} may not read kubelets, which says nothing of the server; server-rights does` };
  },
  mends: {
    unauthorized: 'set authentication.webhook.enabled: true in the kubelets\' configuration, and restart them; or give --kubelet-client-certificate and --kubelet-client-key',
    forbidden: 'see server-rights',
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
    + ' The doctor asks from where it runs. Outside of the cluster\'s network it mostly reaches none: then a node whose figures are served counts as read by the server, and'
    + ' the others are unknown.',
  mend: 'By reason: `dns`: the node\'s name is not resolvable in pods, prefer `InternalIP`; `refused`: check the port; `unreachable`, `timeout`: open port 10250 of the'
    + ' nodes to pods.',
  run: (examination) => look(REACHABLE, examination),
};

export const KUBELET_CERTIFICATE: Check = {
  id: 'kubelet-certificate',
  title: 'kubelets\' certificates are verified',
  meaning: 'The certificate that a kubelet shows must be signed by the cluster\'s CA, or the one of `--kubelet-certificate-authority`, and name the node or one of its addresses.'
    + ' Kubelets of kubeadm sign their own unless `serverTLSBootstrap` is set: `x509: certificate signed by unknown authority`, or `cannot validate certificate … because it'
    + ' doesn\'t contain any IP SANs`. metrics-server\'s own image takes the address that it dials only, the companion the node\'s name as well. With `--kubelet-insecure-tls`'
    + ' this is a warning: whoever can stand in the way gets the server\'s token.',
  mend: 'Set `serverTLSBootstrap: true` in the kubelets\' configuration and approve their CSRs, as `KubeletServingApprover` does, or give the CA with `--kubelet-certificate-authority`.',
  run: async (examination) => [
    ...await look(CERTIFICATE, examination), ...await unverified(examination), ...await refusedByMetricsServer(examination),
  ],
};

export const KUBELET_AUTHORIZATION: Check = {
  id: 'kubelet-authorization',
  title: 'kubelets let metrics be read',
  meaning: 'Kubelets ask kube-apiserver who a token is of (else 401) and whether that user may `get nodes/metrics` (else 403). The doctor shows its own credentials, and only'
    + ' to kubelets that it could verify. Where kube-apiserver lets it and kubelets do not, it is the kubelets\' fault; what the server\'s ServiceAccount may do,'
    + ' `server-rights` tells.',
  mend: 'After 401: `authentication.webhook.enabled: true` in the kubelets\' configuration. After 403: what `server-rights` says; where it finds nothing,'
    + ' `authorization.mode: Webhook`.',
  run: (examination) => look(AUTHORIZATION, examination),
};

export const KUBELET_PAGE: Check = {
  id: 'kubelet-page',
  title: 'kubelets answer with metrics',
  meaning: 'Each kubelet\'s page (`--kubelet-source`) must be an answer with usage of the node or of containers.',
  mend: 'See the kubelet\'s log, and whether its container runtime answers. After 404 or 501, pass `--kubelet-source=auto`.',
  run: (examination) => look(PAGE, examination),
};

/** From outside, figures that the server has are better evidence than what is met on the way to a kubelet. */
async function evidence(subject: Subject, examination: Examination): Promise<(visit: KubeletVisit) => boolean> {
  const { options: { kubelet: { insecureTls } }, unread } = await examination.serverFlags();
  if (examination.inCluster || subject === CERTIFICATE && insecureTls) return () => false;
  const nodes = await examination.nodesWithMetrics();
  const reasons: ScrapeFailureReason[] = [...REACHABLE.reasons, ...AUTHORIZATION.reasons, ...unread.length > 0 ? ['x509-unknown-authority' as const] : []];
  return ({ node, outcome: { failure } }) => failure !== undefined && reasons.includes(failure.reason) && nodes.has(node.name);
}

async function look(subject: Subject, examination: Examination): Promise<Finding[]> {
  const seen = await examination.kubelets();
  if (seen.why !== undefined) return [notSeen('nodes', seen)];
  const { reasons, passed } = subject;
  const { visits, notAsked } = seen.object;
  const count = visits.length + notAsked;
  if (count === 0) return [{ severity: 'error', saw: 'there is no node to ask', mend: 'check --node-selector' }];
  const left = leftOut(notAsked, count);
  const isProven = await evidence(subject, examination);
  // What failed for a reason of an earlier check says nothing about this one, and a later one means that this passed.
  const judged = visits.filter((visit) => isProven(visit) || hasCome(visit, stageOf(reasons[0])));
  const failing = judged.filter((visit) => !isProven(visit) && reasons.includes(visit.outcome.failure?.reason as ScrapeFailureReason));
  if (judged.length === 0) return visits.length === 0 ? left : [{ severity: 'unknown', saw: 'no kubelet got so far: see the checks of kubelets before' }, ...left];
  if (failing.length === 0) {
    const byMetrics = judged.filter(isProven).length;
    return [{ severity: 'ok', saw: `${judged.length} of ${count} kubelets ${passed}${byMetrics > 0 ? `; ${byMetrics} by their metrics, which the server has` : ''}` }, ...left];
  }
  const visitsOf = (reason: ScrapeFailureReason) => failing.filter(({ outcome }) => outcome.failure?.reason === reason);
  const findings = await Promise.all(reasons.map((reason) => finding(reason, visitsOf(reason), count, subject, examination)));
  return [...findings.flat(), ...left];
}

function leftOut(notAsked: number, count: number): Finding[] {
  if (notAsked === 0) return [];
  return [{ severity: 'unknown', saw: `${notAsked} of ${count} kubelets were not asked, or did not answer, in time`, mend: 'give more time with --timeout' }];
}

async function finding(
  reason: ScrapeFailureReason, visits: readonly KubeletVisit[], count: number, subject: Subject, examination: Examination,
): Promise<Finding[]> {
  if (visits.length === 0) return [];
  const [{ outcome: { address, certificateNames, failure } }] = visits;
  const names = certificateNames === undefined ? '' : `; its certificate names ${certificateNames}`;
  const places = namesOf(visits.map(({ node: { name, ready } }) => ready ? name : `${name} (not ready)`));
  const judged: Finding = {
    severity: 'error',
    saw: `${visits.length} of ${count} kubelets: ${reason}: ${places}; at ${address ?? 'no address'}: ${failure!.message}${names}`,
    mend: subject.mends[reason] ?? 'see the log of the kubelet',
    ...await subject.judge?.(reason, examination),
  };
  // A node that is not ready is expected to fail.
  return [judged.severity === 'error' && visits.every(({ node }) => !node.ready) ? { ...judged, severity: 'warning' } : judged];
}

function hasCome({ outcome: { failure } }: KubeletVisit, stage: number): boolean {
  return failure === undefined || stageOf(failure.reason) >= stage;
}

function stageOf(reason: ScrapeFailureReason): number {
  return [REACHABLE, CERTIFICATE, AUTHORIZATION, PAGE].findIndex(({ reasons }) => reasons.includes(reason));
}

async function rightToKubelets(examination: Examination): Promise<Seen<readonly string[]>> {
  const { options: { kubelet: { source } } } = await examination.serverFlags();
  return missingOf(source === 'summary' ? FEATURES.kubeletStats() : FEATURES.kubeletMetrics(), selfReview(examination.reader));
}
