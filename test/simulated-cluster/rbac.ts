import { KubeObject, resourceOfKind } from './kube-object';
import { ObjectStore } from './object-store';
import { Attributes } from './user';
import { UserInfo } from '../../src/runtime/server/user';

const GROUP = 'rbac.authorization.k8s.io/v1';
const [ROLE, ROLE_BINDING, CLUSTER_ROLE, CLUSTER_ROLE_BINDING] =
  ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) => resourceOfKind(GROUP, kind)!);

/** The roles of a new cluster that an extension API server relies on. */
export const BOOTSTRAP_ROLES: readonly KubeObject[] = [
  clusterRole('system:auth-delegator', [
    { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  ]),
  ...grantToGroup('system:basic-user', 'system:authenticated', [
    { apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], verbs: ['create'] },
    { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
  ]),
  ...grantToGroup('system:discovery', 'system:authenticated', [
    { nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'], verbs: ['get'] },
  ]),
  ...['system:authenticated', 'system:unauthenticated'].flatMap((group) => grantToGroup('system:public-info-viewer', group, [
    { nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version'], verbs: ['get'] },
  ])),
  {
    apiVersion: GROUP,
    kind: 'Role',
    metadata: { namespace: 'kube-system', name: 'extension-apiserver-authentication-reader' },
    rules: [{
      apiGroups: [''], resources: ['configmaps'], resourceNames: ['extension-apiserver-authentication'], verbs: ['get', 'list', 'watch'],
    }],
  },
];

/** Decides as the RBAC authorizer does, from the roles and bindings in the store. */
export function isAllowed(store: ObjectStore, user: UserInfo, attributes: Attributes): boolean {
  if (user.groups.includes('system:masters')) return true;
  const granted = (binding: KubeObject) => binding.subjects?.some((subject: Subject) => isSubject(subject, user))
    && rulesOf(store, binding).some((rule) => permits(rule, attributes));
  return store.list(CLUSTER_ROLE_BINDING).some(granted)
    || !!attributes.namespace && store.list(ROLE_BINDING, attributes.namespace).some(granted);
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

function isSubject(subject: Subject, user: UserInfo): boolean {
  switch (subject.kind) {
    case 'Group': return user.groups.includes(subject.name);
    case 'ServiceAccount': return user.name === `system:serviceaccount:${subject.namespace}:${subject.name}`;
    default: return user.name === subject.name;
  }
}

function rulesOf(store: ObjectStore, { metadata, roleRef }: KubeObject): readonly Rule[] {
  const role = roleRef.kind === 'ClusterRole'
    ? store.find(CLUSTER_ROLE, '', roleRef.name)
    : store.find(ROLE, metadata.namespace ?? '', roleRef.name);
  return role?.rules ?? [];
}

function permits(rule: Rule, { verb, path, group = '', resource = '', subresource, name = '' }: Attributes): boolean {
  if (!covers(rule.verbs, verb)) return false;
  if (path !== undefined) return rule.nonResourceURLs?.some((url) => url === path || url.endsWith('*') && path.startsWith(url.slice(0, -1))) ?? false;
  const resourcePath = subresource ? `${resource}/${subresource}` : resource;
  return covers(rule.apiGroups, group)
    && (covers(rule.resources, resourcePath) || !!subresource && covers(rule.resources, `*/${subresource}`))
    && (!rule.resourceNames?.length || rule.resourceNames.includes(name));
}

function covers(allowed: readonly string[] | undefined, wanted: string): boolean {
  return allowed?.some((entry) => entry === '*' || entry === wanted) ?? false;
}

function clusterRole(name: string, rules: readonly Rule[]): KubeObject {
  return { apiVersion: GROUP, kind: 'ClusterRole', metadata: { name }, rules };
}

function grantToGroup(roleName: string, group: string, rules: readonly Rule[]): KubeObject[] {
  return [clusterRole(roleName, rules), {
    apiVersion: GROUP,
    kind: 'ClusterRoleBinding',
    metadata: { name: `${roleName}:${group}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
  }];
}
