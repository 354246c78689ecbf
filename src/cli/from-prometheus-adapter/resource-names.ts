/** Groups of Kubernetes whose names have no dot. */
const BUILT_IN_GROUPS = ['', 'apps', 'autoscaling', 'batch', 'extensions', 'policy'];

/** prometheus-adapter takes a resource in the singular as well; rights name it in the plural. */
export function pluralOf(resource: string): string {
  if (/[^s]s$/.test(resource)) return resource;
  if (resource.endsWith('s')) return `${resource}es`;
  return resource.endsWith('y') ? `${resource.slice(0, -1)}ies` : `${resource}s`;
}

/** Whether Kubernetes' own rule for plurals holds: others make up their own. */
export function isBuiltIn(group: string): boolean {
  return BUILT_IN_GROUPS.includes(group) || group.endsWith('.k8s.io');
}
