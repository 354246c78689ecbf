/** Resources of Kubernetes that metrics are often of, by their singular. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  cronjob: 'cronjobs.batch',
  daemonset: 'daemonsets.apps',
  deployment: 'deployments.apps',
  horizontalpodautoscaler: 'horizontalpodautoscalers.autoscaling',
  ingress: 'ingresses.networking.k8s.io',
  job: 'jobs.batch',
  namespace: 'namespaces',
  node: 'nodes',
  persistentvolume: 'persistentvolumes',
  persistentvolumeclaim: 'persistentvolumeclaims',
  pod: 'pods',
  replicaset: 'replicasets.apps',
  service: 'services',
  statefulset: 'statefulsets.apps',
};

const CLUSTER_SCOPED = ['namespace', 'node', 'persistentvolume'];

/**
 * What was meant by a well-known resource in the singular or without its group; undefined for one that may be what it says. Rights name resources as they
 * are served: another spelling gives the right to nothing.
 */
export function meantResource(given: string): string | undefined {
  const [resource, ...group] = given.split('.');
  const singular = singularOf(resource);
  if (singular === undefined) return undefined;
  const meant = WELL_KNOWN[singular];
  const spelt = group.length === 0 ? meant : [pluralOf(meant), ...group].join('.');
  return spelt === given ? undefined : spelt;
}

/** Whether a resource, in the plural or singular, is one that is known to be in namespaces. */
export function isKnownInNamespaces(resource: string): boolean {
  const singular = singularOf(resource);
  return singular !== undefined && !CLUSTER_SCOPED.includes(singular);
}

function singularOf(resource: string): string | undefined {
  return Object.keys(WELL_KNOWN).find((one) => one === resource || pluralOf(WELL_KNOWN[one]) === resource);
}

function pluralOf(groupResource: string): string {
  return groupResource.split('.')[0];
}
