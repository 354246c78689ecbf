import { ClusterReader, Seen } from './cluster-reader';
import { KubeletVisit } from './kubelet-visits';
import { ApiService, NamespacedName, Pod, Service } from './objects';
import { TlsProbe, TlsTarget } from './tls-probe';
import { Options } from '../flags/options';

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
  /** Those that the Service selects. */
  pods(): Promise<Seen<readonly Pod[]>>;
  /** How the server was started, as far as its pods' arguments are known. */
  options(): Promise<Options>;
  /** User name of the server's ServiceAccount. */
  serverUser(): Promise<string>;
  /** Of whoever asks; undefined when the API server does not say. */
  user(): Promise<string | undefined>;
  /** `host:port` of the endpoints that are ready. */
  endpoints(): Promise<Seen<readonly Endpoint[]>>;
  kubelets(): Promise<Seen<readonly KubeletVisit[]>>;
  probeTls(target: TlsTarget): Promise<TlsProbe>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly ready: boolean;
}
