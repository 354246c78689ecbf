import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { clusterScoped, namespaced, ObjectMeta } from '../kubernetes/_k8s';

const GROUP = 'rbac.authorization.k8s.io';
const API_VERSION = `${GROUP}/v1`;

type Rules = readonly object[];

/** A ServiceAccount that is given rights. */
export interface Subject {
  readonly name: string;
  readonly namespace: string;
}

/** A user or group of kube-apiserver's that is given rights. */
export interface NamedSubject {
  readonly kind: 'User' | 'Group';
  readonly name: string;
}

export function clusterRole(scope: Construct, id: string, metadata: ObjectMeta, rules: Rules): ApiObject {
  return clusterScoped(scope, id, { apiVersion: API_VERSION, kind: 'ClusterRole' }, metadata, { rules });
}

export function clusterRoleBinding(scope: Construct, id: string, metadata: ObjectMeta, roleName: string, subject: Subject | NamedSubject): ApiObject {
  return clusterScoped(scope, id, { apiVersion: API_VERSION, kind: 'ClusterRoleBinding' }, metadata, binding('ClusterRole', roleName, subject));
}

export function role(scope: Construct, id: string, metadata: ObjectMeta & { readonly namespace: string }, rules: Rules): ApiObject {
  return namespaced(scope, id, { apiVersion: API_VERSION, kind: 'Role' }, metadata, { rules });
}

export function roleBinding(
  scope: Construct, id: string, metadata: ObjectMeta & { readonly namespace: string }, roleName: string, subject: Subject,
): ApiObject {
  return namespaced(scope, id, { apiVersion: API_VERSION, kind: 'RoleBinding' }, metadata, binding('Role', roleName, subject));
}

function binding(kind: string, name: string, subject: Subject | NamedSubject) {
  return {
    roleRef: { apiGroup: GROUP, kind, name },
    subjects: ['kind' in subject ? { apiGroup: GROUP, ...subject } : { kind: 'ServiceAccount', name: subject.name, namespace: subject.namespace }],
  };
}
