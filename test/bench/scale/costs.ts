/** What sharding is reckoned with, as measured; docs/scale.md says where each comes from. */
export const COSTS = {
  cycleSeconds: 15,
  podsPerNode: 30,
  containersPerNode: 45,
  /** Asking a kubelet, decoding and storing its page. */
  scrapeCpuUs: 240,
  /** Storing a page's points that come from elsewhere, already decoded, and reading them from a connection that is shared. */
  receiveCpuUs: 14,
  handshakeCpuUs: 1_100,
  /** A page as kubelets send it. */
  pageBytes: 42_500,
  /** Of a container's last sample between peers: id, time, CPU, memory. */
  pointBytes: 28,
  /** Of a pod in a list. */
  listedPodBytes: 470,
  /** Of a pod: metadata and two samples of each container. */
  podMemoryBytes: 4_700,
  /** Of a node's TLS connection. */
  connectionMemoryBytes: 83_000,
  processMemoryBytes: 160e6,
} as const;

/** As kube-controller-manager renews its own. */
export const LEASE = { durationSeconds: 15, retrySeconds: 2 } as const;

/** Figures older than two cycles are served no more. */
export const MAX_AGE_SECONDS = 2 * COSTS.cycleSeconds;
