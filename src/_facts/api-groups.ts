/** API groups with a dot that kube-apiserver serves itself (k8s.io/api, and the servers of its CustomResourceDefinitions and APIServices). */
const BUILT_IN_GROUPS = [
  'admissionregistration.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io',
  'certificates.k8s.io', 'coordination.k8s.io', 'discovery.k8s.io', 'events.k8s.io', 'flowcontrol.apiserver.k8s.io', 'internal.apiserver.k8s.io',
  'networking.k8s.io', 'node.k8s.io', 'rbac.authorization.k8s.io', 'resource.k8s.io', 'scheduling.k8s.io', 'storage.k8s.io',
  'storagemigration.k8s.io',
];

/** Whether an API group is Kubernetes' own: one of these, or any without a dot, such as `apps`, which are kept for Kubernetes. */
export function isBuiltInGroup(group: string): boolean {
  return !group.includes('.') || BUILT_IN_GROUPS.includes(group);
}
