/** addon-resizer 1.8, by image tag, as its sources on the branch addon-resizer-release-1.8 have it. */

/** Newest release whose facts are known. Before it, a nanny that reads kube-apiserver's metrics finds nothing from Kubernetes 1.37 on. */
export const NEWEST_ADDON_RESIZER = '1.8.24';

export const ADDON_RESIZER_IMAGE = `registry.k8s.io/autoscaling/addon-resizer:${NEWEST_ADDON_RESIZER}`;

/** First release that reads apiserver_resource_objects, which took apiserver_storage_objects' place. */
export const READS_RESOURCE_OBJECTS = '1.8.24';

/** First release that patches the Deployment; those before it replace it. */
export const PATCHES_DEPLOYMENT = '1.8.13';

/** Releases of other lines, which take other flags and compute otherwise. */
const OTHER_LINE = /^v?(1\.[0-7]|2\.\d+)(\.|$)/;
const RELEASE = /^v?(1\.8\.\d+)$/;

/** Flags and the release that brought each. */
const SINCE: Readonly<Record<string, string>> = {
  'config-dir': '1.8.0',
  'cpu': '1.8.1',
  'extra-cpu': '1.8.1',
  'memory': '1.8.1',
  'extra-memory': '1.8.1',
  'storage': '1.8.0',
  'extra-storage': '1.8.0',
  'threshold': '1.8.0',
  'namespace': '1.8.0',
  'deployment': '1.8.0',
  'pod': '1.8.0',
  'container': '1.8.0',
  'poll-period': '1.8.0',
  'estimator': '1.8.0',
  'minClusterSize': '1.8.4',
  'scale-down-delay': '1.8.8',
  'scale-up-delay': '1.8.8',
  'use-metrics': '1.8.9',
  'healthcheck-address': '1.8.16',
  'scaling-mode': '1.8.20',
  'run-on-control-plane': '1.8.21',
  'kubeconfig': '1.8.21',
  'nanny-config-map-name': '1.8.21',
  'leader-election-enable': '1.8.21',
  'leader-election-lease-duration': '1.8.21',
  'leader-election-renew-deadline': '1.8.21',
  'leader-election-retry-period': '1.8.21',
  'address': '1.8.22',
  'expose-metrics': '1.8.22',
  // Of the logger, always there.
  'v': '1.8.0',
  'vmodule': '1.8.0',
  'alsologtostderr': '1.8.0',
  'logtostderr': '1.8.0',
  'stderrthreshold': '1.8.0',
};

/** Release that an image tag names; undefined for a tag or a digest that names none, which is taken for the newest. */
export function addonResizerRelease(tag: string | undefined): string | undefined {
  return RELEASE.exec(tag ?? '')?.[1];
}

export function isOtherAddonResizer(tag: string | undefined): boolean {
  return OTHER_LINE.test(tag ?? '');
}

/** Release that a flag needs; undefined for a flag that addon-resizer does not have. */
export function nannyFlagSince(flag: string): string | undefined {
  return Object.hasOwn(SINCE, flag) ? SINCE[flag] : undefined;
}
