import { ClusterReader, Seen } from './cluster-reader';
import { KubeletVisits } from './kubelet-visits';
import { ApiService, Deployment, NamespacedName, NodeMetrics, Pod, Service } from './objects';
import { ServerFlags } from './server-options';
import { TlsProbe, TlsTarget } from './tls-probe';
import { NodeRecord } from '../cluster/node';

/** What the doctor looks at, and by what means. Whatever several checks ask for is asked once. */
export interface Examination {
  readonly reader: ClusterReader;
  /** The doctor runs in a pod: what it cannot reach, other pods cannot reach either. */
  readonly inCluster: boolean;
  /** Unix time in milliseconds. */
  now(): number;
  /** The Service that leads to the server. */
  target(): Promise<NamespacedName>;
  /** Of metrics.k8s.io, by name. */
  apiService(name: string): Promise<Seen<ApiService>>;
  service(): Promise<Seen<Service>>;
  /** Those that the Service selects and that have not ended, such as serve first. */
  pods(): Promise<Seen<readonly Pod[]>>;
  /** Whose pods the Service selects. */
  deployment(): Promise<Seen<Deployment>>;
  /** How the server was started, as far as that is known. */
  serverFlags(): Promise<ServerFlags & { readonly source: Seen<string> }>;
  /** User name of the server's ServiceAccount. */
  serverUser(): Promise<string>;
  /** Of whoever asks; undefined when the API server does not say. */
  user(): Promise<string | undefined>;
  /** `host:port` of the endpoints that are ready. */
  endpoints(): Promise<Seen<readonly Endpoint[]>>;
  /** Those that the server scrapes. */
  nodes(): Promise<Seen<readonly NodeRecord[]>>;
  kubelets(): Promise<Seen<KubeletVisits>>;
  /** Metrics of nodes, as kube-apiserver has them from the server in a version that an APIService registers. */
  nodeMetrics(apiService: string): Promise<Seen<readonly NodeMetrics[]>>;
  /** Names of nodes whose metrics are served and not old: the server reads their kubelets. */
  nodesWithMetrics(): Promise<ReadonlySet<string>>;
  probeTls(target: TlsTarget): Promise<TlsProbe>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly ready: boolean;
}
