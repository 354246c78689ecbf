import { asText, list, record, sameNamespace } from './_manifest';
import { Grant, GrantedRule, ManifestSet } from './_manifest-set';
import { Fault, Rule } from './_rule';
import { RuleLevel } from './rule-finding';

const READ = ['get', 'list', 'watch', '*'];

/** Roles that Kubernetes itself gives to whoever is not authenticated, and kubeadm to those who join. */
const PUBLIC_ROLES = ['system:public-info-viewer', 'kubeadm:bootstrap-signer-clusterinfo'];

/** Roles of Kubernetes itself that hold nodes/proxy; they stand among nobody's manifests. */
const KUBELET_ADMIN_ROLES = ['system:kubelet-api-admin', 'cluster-admin'];

/** Rules about what servers, and strangers, may do. */
export const RIGHTS_RULES: readonly Rule[] = [
  {
    // The kubelet authorizes /run and /exec as nodes/proxy: whoever has it runs commands in every container.
    id: 'privileged-kubelet-rights',
    level: RuleLevel.INSECURE,
    title: 'the server may do more at kubelets than read metrics',
    reason: 'nodes/proxy lets its holder run commands in every container of every node, even with get alone; nodes/* and * include it, and so do Kubernetes\' own '
      + 'ClusterRoles system:kubelet-api-admin and cluster-admin.',
    mend: 'grant get on nodes/metrics, and on nodes/stats only to metrics-server before v0.6',
    kinds: ['ClusterRole', 'Role', 'ClusterRoleBinding'],
    check: (set) => [
      ...granted(set, ({ rule: { apiGroups, resources } }) =>
        includesAny(apiGroups, ['', '*']) && includesAny(resources, ['nodes/proxy', 'nodes/*', '*/proxy', '*'])),
      ...set.bindingsOf(set.servers)
        .filter(({ kind, roleRef }) => kind === 'ClusterRoleBinding' && includesAny(KUBELET_ADMIN_ROLES, [String(record(roleRef).name)]))
        .map((binding) => ({ object: binding, path: 'roleRef.name', given: record(binding.roleRef).name })),
    ],
  },
  {
    // The Helm chart grants it; the one ConfigMap that is needed is granted by a RoleBinding in kube-system.
    id: 'cluster-wide-config-maps',
    level: RuleLevel.WARNING,
    title: 'the server may read the ConfigMaps of every namespace',
    reason: 'An extension API server reads one ConfigMap, extension-apiserver-authentication in kube-system, and a RoleBinding there grants it. '
      + 'ConfigMaps of others often hold what nobody else should read.',
    mend: 'remove configmaps from the ClusterRole and bind the Role extension-apiserver-authentication-reader in kube-system',
    kinds: ['ClusterRole'],
    check: (set) => granted(set, ({ grant, rule: { apiGroups, resources, resourceNames, verbs } }) => grant.clusterWide && resourceNames.length === 0
      && includesAny(apiGroups, ['', '*']) && includesAny(resources, ['configmaps']) && includesAny(verbs, READ)),
  },
  {
    // Kubernetes' RBAC good practices: list and watch reveal contents as get does.
    id: 'secrets-without-names',
    level: RuleLevel.INSECURE,
    title: 'the server may read Secrets that it does not name',
    reason: 'Secrets hold the tokens and keys of everyone else in the namespace, or in the cluster.',
    mend: 'name the Secrets in resourceNames',
    kinds: ['ClusterRole', 'Role'],
    check: (set) => granted(set, ({ rule: { apiGroups, resources, resourceNames, verbs } }) => resourceNames.length === 0
      && includesAny(apiGroups, ['', '*']) && includesAny(resources, ['secrets', '*']) && includesAny(verbs, READ)),
  },
  {
    id: 'anonymous-access',
    level: RuleLevel.INSECURE,
    title: 'rights are given to whoever is not authenticated',
    reason: 'system:anonymous and system:unauthenticated are everyone who reaches kube-apiserver, or a server that delegates its authorization.',
    mend: 'bind the role to a ServiceAccount, a user or a group; for metrics, to the one that reads them',
    kinds: ['RoleBinding', 'ClusterRoleBinding'],
    check: (set) => set.ofKind('RoleBinding', 'ClusterRoleBinding')
      .filter(({ roleRef }) => !PUBLIC_ROLES.includes(asText(record(roleRef).name)))
      .flatMap((object) => list(object.subjects).flatMap((subject, i) => {
        const { name } = record(subject);
        return name === 'system:anonymous' || name === 'system:unauthenticated' ? [{ object, path: `subjects[${i}].name`, given: name }] : [];
      })),
  },
  {
    // The Role exists in kube-system alone; a RoleBinding elsewhere refers to a Role that is not there.
    id: 'auth-reader-namespace',
    level: RuleLevel.ERROR,
    title: 'the binding for delegated authentication is outside kube-system',
    reason: 'The Role extension-apiserver-authentication-reader and the ConfigMap that it opens are in kube-system. '
      + 'A RoleBinding grants in its own namespace, so the server cannot read how to authenticate its callers and does not start.',
    mend: 'set metadata.namespace to kube-system; subjects keep the namespace of the ServiceAccount',
    kinds: ['RoleBinding'],
    check: (set) => set.ofKind('RoleBinding')
      .filter(({ roleRef, metadata }) => record(roleRef).name === 'extension-apiserver-authentication-reader'
        && !sameNamespace(metadata.namespace, 'kube-system'))
      .map((object) => ({ object, path: 'metadata.namespace', given: object.metadata.namespace })),
  },
];

interface RuleInGrant {
  readonly grant: Grant;
  readonly rule: GrantedRule;
}

/** Rules of roles that servers hold, each once, where they are wrong. */
function granted(set: ManifestSet, isWrong: (rule: RuleInGrant) => boolean): Fault[] {
  const faults = set.grantsOf(set.servers).flatMap((grant) => grant.rules
    .filter((rule) => isWrong({ grant, rule }))
    .map((rule) => ({ object: grant.role, path: `${rule.path}.resources`, given: rule.resources })));
  return faults.filter((fault, i) => faults.findIndex(({ object, path }) => object === fault.object && path === fault.path) === i);
}

function includesAny(given: readonly string[], wanted: readonly string[]): boolean {
  return given.some((item) => wanted.includes(item));
}
