/** Annotation of a Deployment that names the Kubernetes minor it was made for. */
export const CLUSTER_VERSION_ANNOTATION = 'cdk8s-metrics-server.dev/cluster-version';

/** Oldest and newest minors that can be named: from the first with every API that is synthesized to where facts would be guesses. */
export const OLDEST_MINOR = 16;
export const NEWEST_MINOR = 99;

/** Minor of a version such as `1.34`; undefined if it is none. */
export function minorOf(version: string): number | undefined {
  const minor = /^1\.(\d{1,2})$/.exec(version)?.[1];
  return minor === undefined || Number(minor) < OLDEST_MINOR ? undefined : Number(minor);
}

/** kube-apiserver hides apiserver_storage_objects, deprecated in 1.34, from here on. */
export const HIDES_STORAGE_OBJECTS = 37;

/** PDBUnhealthyPodEvictionPolicy: alpha in 1.26, on by default from here on. */
export const UNHEALTHY_POD_EVICTION_SINCE = 27;

/** SeccompProfile as a field, and ServiceAppProtocol: both from here on. */
export const SECCOMP_PROFILE_SINCE = 19;

/** EvenPodsSpread: on by default from here on. */
export const TOPOLOGY_SPREAD_SINCE = 18;

/** SidecarContainers: on by default from here on. */
export const SIDECARS_SINCE = 29;
