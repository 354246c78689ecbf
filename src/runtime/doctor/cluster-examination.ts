import { ClusterReader, Seen } from './cluster-reader';
import { Endpoint, Examination } from './examination';
import { KubeletVisit, visitKubelets } from './kubelet-visits';
import { API_SERVICE_NAMES, ApiService, EndpointSlice, NamespacedName, Pod, Service } from './objects';
import { commandLinesOf, optionsOfServer } from './server-options';
import { probeTls, TlsProbe, TlsTarget } from './tls-probe';
import { Clock, Random } from '../clock';
import { ClusterConfig } from '../cluster/cluster-config';
import { Options } from '../flags/options';

export interface ClusterExaminationOptions {
  readonly reader: ClusterReader;
  readonly config: ClusterConfig;
  readonly inCluster: boolean;
  /** The Service, if the user named one. */
  readonly service: NamespacedName | undefined;
  /** Of the doctor's own command line: flags of the server in it win over those of its pods. */
  readonly argv: readonly string[];
  /** Command line of the first process where the doctor runs: the server's, in its container. */
  readonly processOne: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

const DEFAULT_SERVICE: NamespacedName = { namespace: 'kube-system', name: 'metrics-server' };
const API_SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';

/** Looks at a cluster through its API server, and at kubelets and endpoints from where it runs. */
export class ClusterExamination implements Examination {
  readonly reader: ClusterReader;
  readonly inCluster: boolean;
  private readonly known = new Map<string, Promise<unknown>>();

  constructor(private readonly asked: ClusterExaminationOptions) {
    this.reader = asked.reader;
    this.inCluster = asked.inCluster;
  }

  now(): number {
    return this.asked.clock.now();
  }

  apiService(name: string): Promise<Seen<ApiService>> {
    return this.reader.named(API_SERVICES, name);
  }

  async target(): Promise<NamespacedName> {
    if (this.asked.service) return this.asked.service;
    const registered = await Promise.all(API_SERVICE_NAMES.map((name) => this.apiService(name)));
    return registered.map(({ object }) => object?.spec.service).find((service) => service !== undefined) ?? DEFAULT_SERVICE;
  }

  async service(): Promise<Seen<Service>> {
    const { namespace, name } = await this.target();
    return this.reader.get(`/api/v1/namespaces/${namespace}/services/${name}`);
  }

  async pods(): Promise<Seen<readonly Pod[]>> {
    const { namespace } = await this.target();
    const service = await this.service();
    if (service.why !== undefined) return service;
    const labels = Object.entries(service.object.spec.selector ?? {});
    if (labels.length === 0) return { object: [] };
    return this.reader.list(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: labels.map((pair) => pair.join('=')).join() });
  }

  options(): Promise<Options> {
    return this.once('options', async () => optionsOfServer({
      argv: this.asked.argv,
      server: [this.asked.processOne, ...commandLinesOf((await this.pods()).object ?? [])],
      inCluster: this.inCluster,
    }));
  }

  async serverUser(): Promise<string> {
    const { namespace, name } = await this.target();
    const account = (await this.pods()).object?.[0]?.spec.serviceAccountName ?? name;
    return `system:serviceaccount:${namespace}:${account}`;
  }

  async user(): Promise<string | undefined> {
    const review = await this.reader.review<{ readonly status?: { readonly userInfo?: { readonly username?: string } } }>(
      '/apis/authentication.k8s.io/v1/selfsubjectreviews', { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
    return review.object?.status?.userInfo?.username;
  }

  async endpoints(): Promise<Seen<readonly Endpoint[]>> {
    const { namespace, name } = await this.target();
    const slices = await this.reader.list<EndpointSlice>(
      `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, { labelSelector: `kubernetes.io/service-name=${name}` });
    return slices.why === undefined ? { object: slices.object.flatMap(endpointsOf) } : slices;
  }

  kubelets(): Promise<Seen<readonly KubeletVisit[]>> {
    return this.once('kubelets', async () => visitKubelets({ ...this.asked, kubelet: (await this.options()).kubelet }));
  }

  probeTls(target: TlsTarget): Promise<TlsProbe> {
    return this.once(JSON.stringify(target), () => probeTls(target, this.asked.clock, this.asked.signal));
  }

  private once<T>(key: string, find: () => Promise<T>): Promise<T> {
    const found = (this.known.get(key) as Promise<T> | undefined) ?? find();
    this.known.set(key, found);
    return found;
  }
}

function endpointsOf({ ports, endpoints }: EndpointSlice): Endpoint[] {
  const port = ports?.find((one) => one.port !== undefined)?.port;
  if (port === undefined) return [];
  // Unknown counts as ready, as EndpointSlices have it.
  const ready = (conditions: { readonly ready?: boolean } | undefined) => conditions?.ready ?? true;
  return (endpoints ?? []).flatMap(({ addresses, conditions }) => addresses.slice(0, 1).map((host) => ({ host, port, ready: ready(conditions) })));
}
