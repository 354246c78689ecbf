import { COMPANION_COSTS, requestsFor } from './costs';
import { FLAGS } from './flags';
import { METRICS_SERVER_POD, PodDefaults } from './pod';
import { PolicyRule } from './rights';
import { SelfMetrics } from './self-metrics';

/** Ways to serve a certificate that an image may know. */
export type ServingCertificateKind = 'selfManaged' | 'certManager' | 'fromSecret' | 'fromFiles' | 'insecureSkipTlsVerify';

/** Those that every server built on k8s.io/apiserver knows: `--tls-cert-file`, and a certificate of its own making without it. */
const COMMON_SERVING_CERTIFICATES: readonly ServingCertificateKind[] = ['certManager', 'fromSecret', 'fromFiles', 'insecureSkipTlsVerify'];

/** What an image of metrics-server can do, and what its manifests say. */
export interface ImageFacts {
  /** metrics-server release whose flags the image knows. */
  readonly release: string;
  /** Whether the image knows the flags that metrics-server lacks. */
  readonly companion: boolean;
  readonly repository: string;
  /** Served versions of metrics.k8s.io, preferred first. */
  readonly apiVersions: readonly string[];
  readonly servingCertificates: readonly ServingCertificateKind[];
  /** Kubernetes minors that it runs on, by the compatibility matrix in metrics-server's README; absent where there is no such bound. */
  readonly oldestMinor?: number;
  readonly newestMinor?: number;
  /** Rules of the ClusterRole; absent when they follow from RIGHTS, feature by feature. */
  readonly clusterRules?: readonly PolicyRule[];
  readonly pod: PodDefaults;
  /** Requests of its manifests, where nobody says how large the cluster is. */
  readonly requests?: { readonly cpu: string; readonly memory: string };
  /** Flags that the manifests set; absent ones keep the flag's own default. */
  readonly addressTypes?: readonly string[];
  readonly useNodeStatusPort?: boolean;
  readonly metricResolutionSeconds?: number;
  readonly shutdownDelaySeconds?: number;
  /** What the image serves at /metrics, as far as alerts and dashboards know it. */
  readonly selfMetrics?: readonly SelfMetrics[];
}

const READ = ['get', 'list', 'watch'];

const v03Pod: PodDefaults = {
  imagePullPolicy: 'Always',
  securePort: 443,
  namedPort: false,
  probes: false,
  restricted: false,
  namedTemplate: true,
  labelEveryObject: false,
  serviceLabels: { 'kubernetes.io/name': 'Metrics-server', 'kubernetes.io/cluster-service': 'true' },
};

/** metrics-server's releases, each with what it changed; a release is the sum of the rows up to it. */
const HISTORY: readonly (Partial<ImageFacts> & { readonly since: string })[] = [
  {
    since: 'v0.3.0',
    companion: false,
    repository: 'k8s.gcr.io/metrics-server-amd64',
    apiVersions: ['v1beta1'],
    servingCertificates: COMMON_SERVING_CERTIFICATES,
    // Asks for v1beta1 of TokenReview and SubjectAccessReview, which 1.22 removed.
    newestMinor: 21,
    clusterRules: [{ apiGroups: [''], resources: ['pods', 'nodes', 'nodes/stats', 'namespaces'], verbs: READ }],
    pod: v03Pod,
  },
  { since: 'v0.3.7', repository: 'registry.k8s.io/metrics-server/metrics-server' },
  {
    since: 'v0.4.0',
    newestMinor: undefined,
    pod: { ...METRICS_SERVER_POD, securePort: 4443 },
    requests: { cpu: '100m', memory: '200Mi' },
    addressTypes: ['InternalIP', 'ExternalIP', 'Hostname'],
    useNodeStatusPort: true,
  },
  { since: 'v0.5.0', metricResolutionSeconds: 15, selfMetrics: ['apiserver', 'scraping'] },
  {
    // Scrapes /metrics/resource instead of the Summary API.
    since: 'v0.6.0',
    oldestMinor: 19,
    clusterRules: [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: READ },
    ],
  },
  { since: 'v0.7.0', pod: METRICS_SERVER_POD },
];

/** Minor releases whose facts are known. */
export const KNOWN_RELEASES = 'v0.3.0 to v0.9.x';
const NEWEST_KNOWN = 'v0.9';

/** Facts of metrics-server's own image, or undefined for a tag that is none of its known releases. */
export function upstreamFacts(tag: string): ImageFacts | undefined {
  if (!/^v0\.[3-9]\.\d{1,3}$/.test(tag)) return undefined;
  const rows = HISTORY.filter(({ since }) => !isOlder(tag, since));
  return Object.assign({}, ...rows, { release: tag }) as ImageFacts;
}

/** Facts of the companion image: a drop-in for the newest known release. */
export function companionFacts(repository: string): ImageFacts {
  return {
    ...upstreamFacts(`${NEWEST_KNOWN}.0`)!,
    companion: true,
    repository,
    apiVersions: ['v1', 'v1beta1'],
    servingCertificates: ['selfManaged', ...COMMON_SERVING_CERTIFICATES],
    clusterRules: undefined,
    pod: { ...METRICS_SERVER_POD, removesOwnCaBundle: true },
    requests: requestsFor(COMPANION_COSTS),
    // kube-proxy and kube-apiserver take a second or two to hear of a pod that ends; metrics-server's manifests do not wait for them.
    shutdownDelaySeconds: 5,
    selfMetrics: ['apiserver', 'scraping', 'companion'],
  };
}

/** Whether an image knows a flag; undefined for a flag that the table lacks. */
export function knowsFlag(image: ImageFacts, name: string): boolean | undefined {
  const flag = FLAGS.find((f) => f.name === name);
  // The table holds every flag of the companion, and not all of metrics-server's.
  if (!flag) return image.companion ? false : undefined;
  if (flag.section === 'Companion') return image.companion;
  return !flag.since || !isOlder(image.release, flag.since);
}

export function isOlder(version: string, other: string): boolean {
  const [a, b] = [version, other].map((v) => v.slice(1).split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    if (a[i] !== b[i]) return a[i] < b[i];
  }
  return false;
}
