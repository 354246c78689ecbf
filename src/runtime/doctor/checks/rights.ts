import { Feature, FEATURES } from '../../../_facts/rights';
import { grantCommands } from '../../cluster/grant-commands';
import { Options } from '../../flags/options';
import { Allowed, missingOf, reviewOf, selfReview } from '../access-reviews';
import { Check, Finding } from '../check';
import { Examination } from '../examination';
import { namesOf, notSeen } from '../findings';
import { API_SERVICE_NAMES, RoleBinding } from '../objects';

export const SERVER_RIGHTS: Check = {
  id: 'server-rights',
  title: 'the server may do what it needs to',
  meaning: 'Each right that a feature of the server needs is asked for: with SelfSubjectAccessReviews where the doctor runs as the server, with SubjectAccessReviews of its'
    + ' ServiceAccount otherwise. A right that is missing turns off the feature that needs it.',
  mend: 'Apply the ClusterRole, the Role and their bindings again, those to ClusterRole `system:auth-delegator` and to Role'
    + ' `extension-apiserver-authentication-reader` in `kube-system` included. The report has kubectl\'s commands that grant what is missing.',
  async run(examination) {
    const [server, asker, { options }] = await Promise.all([examination.serverUser(), examination.user(), examination.serverFlags()]);
    const allowed = asker === server ? selfReview(examination.reader) : reviewOf(server, examination.reader);
    const findings = await Promise.all(featuresOf(options).map((feature) => judge(feature, server, allowed)));
    if (findings.every(({ severity }) => severity === 'unknown')) return findings.slice(0, 1);
    return findings.every(({ severity }) => severity === 'ok') ? [{ severity: 'ok', saw: `${server} has every right it needs` }] : findings.filter(({ severity }) => severity !== 'ok');
  },
};

export const YOUR_RIGHTS: Check = {
  id: 'your-rights',
  title: 'whoever asks may read metrics',
  meaning: '`kubectl top` needs `get` and `list` on `nodes` and `pods` of group `metrics.k8s.io`. The doctor asks whether its own user has them.',
  mend: 'Bind the user to ClusterRole `system:aggregated-metrics-reader`, or to `view`, into which it is aggregated.',
  async run(examination) {
    // The server has no need to read what it serves.
    if (await examination.user() === await examination.serverUser()) return [];
    const rules = [{ apiGroups: ['metrics.k8s.io'], resources: ['nodes', 'pods'], verbs: ['get', 'list'] }];
    const missing = await missingOf({ name: '', rules }, selfReview(examination.reader));
    if (missing.why !== undefined) return [notSeen('the rights of the user', missing)];
    if (missing.object.length === 0) return [{ severity: 'ok', saw: 'the user may read metrics of nodes and pods' }];
    return [{ severity: 'warning', saw: `the user may not ${namesOf(missing.object)}`, mend: await readerCommand(examination) }];
  },
};

export const ANONYMOUS_ADMIN: Check = {
  id: 'anonymous-admin',
  title: 'anonymous requests have no rights of an administrator',
  meaning: 'Advice on the internet mends `User "system:anonymous" cannot …` by binding `system:anonymous` to `cluster-admin`. Then whoever reaches kube-apiserver owns the'
    + ' cluster, without a credential.',
  mend: 'Delete the binding, and give kube-apiserver a front proxy certificate instead (`--proxy-client-cert-file`), so that requests arrive as the users they are of.',
  async run({ reader }) {
    const seen = await reader.list<RoleBinding>('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings');
    if (seen.why !== undefined) return [notSeen('ClusterRoleBindings', seen)];
    const bound = seen.object.filter(({ roleRef, subjects = [] }) => roleRef.name === 'cluster-admin'
      && subjects.some(({ name }) => name === 'system:anonymous' || name === 'system:unauthenticated'));
    if (bound.length === 0) return [{ severity: 'ok', saw: 'no ClusterRoleBinding makes anonymous users cluster-admin' }];
    return bound.map(({ metadata: { name } }) => ({
      severity: 'warning',
      saw: `ClusterRoleBinding ${name} makes anonymous users cluster-admin: whoever reaches kube-apiserver owns the cluster`,
      mend: `\`kubectl delete clusterrolebinding ${name}\`; where metrics were read by nobody until then, see requestheader-ca`,
    }));
  },
};

async function judge(feature: Feature, server: string, allowed: Allowed): Promise<Finding> {
  const missing = await missingOf(feature, allowed);
  if (missing.why !== undefined) return notSeen(`the rights of ${server}`, missing);
  if (missing.object.length === 0) return { severity: 'ok', saw: feature.name };
  return { severity: 'error', saw: `${server} may not ${namesOf(missing.object)}: ${feature.name} is off`, mend: `apply the manifests of the server again, or grant it by ${grantCommands(feature, server)}` };
}

function featuresOf({ kubelet: { source }, nodeEvents, selfManagedCertificate }: Options): Feature[] {
  return [
    FEATURES.nodes(), FEATURES.pods(),
    ...source === 'summary' ? [] : [FEATURES.kubeletMetrics()],
    ...source === 'resource' ? [] : [FEATURES.kubeletStats()],
    FEATURES.authenticationSettings(), FEATURES.tokenReviews(), FEATURES.subjectAccessReviews(),
    ...nodeEvents ? [FEATURES.nodeEvents()] : [],
    ...selfManagedCertificate ? [
      FEATURES.servingCertificateSecret(selfManagedCertificate.secret.namespace, selfManagedCertificate.secret.name),
      ...API_SERVICE_NAMES.map((name) => FEATURES.caBundle(name)),
    ] : [],
  ];
}

async function readerCommand(examination: Examination): Promise<string> {
  const user = await examination.user();
  return `\`kubectl create clusterrolebinding metrics-reader --clusterrole=system:aggregated-metrics-reader --user=${user ?? '<name>'}\``;
}
