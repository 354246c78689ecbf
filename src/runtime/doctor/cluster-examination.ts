import { ClusterReader, Seen } from './cluster-reader';
import { Endpoint, Examination } from './examination';
import { KubeletVisits, visitKubelets } from './kubelet-visits';
import {
  API_SERVICE_NAMES, ApiService, Deployment, EndpointSlice, groupVersionPath, isAlive, nameOf, NamespacedName, NodeMetrics, Pod, PodSpec, serves,
  Service,
} from './objects';
import { commandLine, serverContainer } from './server-container';
import { FlagSource, ServerFlags, serverFlagsOf } from './server-options';
import { probeTls, TlsProbe, TlsTarget } from './tls-probe';
import { Clock, Random } from '../clock';
import { ClusterConfig } from '../cluster/cluster-config';
import { LabelSets } from '../cluster/label-sets';
import { NodeRecord } from '../cluster/node';
import { nodeRecord, WireNode } from '../cluster/nodes';
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
  /** Uses options of the server as it does; throws UsageError when it cannot. */
  readonly tryOut: (options: Options) => void;
  readonly clock: Clock;
  readonly random: Random;
  /** For kubelets, of which there may be thousands that do not answer. */
  readonly kubeletsTimeoutMs: number;
  readonly signal: AbortSignal;
}

const DEFAULT_SERVICE: NamespacedName = { namespace: 'kube-system', name: 'metrics-server' };
/** Resolutions after which a figure is old. */
const OLD_AFTER = 4;

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
    const all = await this.reader.list<Pod>(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: labels.map((pair) => pair.join('=')).join() });
    return all.why === undefined ? { object: all.object.filter(isAlive).sort((a, b) => Number(serves(b)) - Number(serves(a))) } : all;
  }

  async deployment(): Promise<Seen<Deployment>> {
    const { namespace, name } = await this.target();
    const service = await this.service();
    const wanted = Object.entries(service.object?.spec.selector ?? {});
    const all = await this.reader.list<Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments`);
    if (all.why !== undefined) return all;
    const isSelected = ({ spec: { template: { metadata } } }: Deployment) => wanted.every(([key, value]) => metadata?.labels?.[key] === value);
    const object = all.object.find((one) => wanted.length > 0 ? isSelected(one) : one.metadata.name === name);
    return object ? { object } : { why: 'absent', message: `there is no Deployment for Service ${namespace}/${name}` };
  }

  serverFlags(): Promise<ServerFlags & { readonly source: Seen<string> }> {
    return this.once('flags', async () => {
      const { argv, inCluster, tryOut } = this.asked;
      const source = await this.flagSource();
      const name: Seen<string> = source.why === undefined ? { object: source.object.name } : source;
      return { ...serverFlagsOf({ argv, inCluster, source: source.object, tryOut }), source: name };
    });
  }

  async serverUser(): Promise<string> {
    const { namespace, name } = await this.target();
    const [pod] = (await this.pods()).object ?? [];
    const spec = pod?.spec ?? (await this.deployment()).object?.spec.template.spec;
    // Beside the server, whoever asks is the server, unless a kubeconfig makes it somebody else.
    if (spec === undefined && this.isBesideServer()) return await this.user() ?? `system:serviceaccount:${namespace}:${name}`;
    return `system:serviceaccount:${namespace}:${spec === undefined ? name : spec.serviceAccountName ?? 'default'}`;
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

  nodes(): Promise<Seen<readonly NodeRecord[]>> {
    return this.once('nodes', async () => {
      const [all, { options: { kubelet: { nodeSelector } } }] = await Promise.all([this.reader.list<WireNode>('/api/v1/nodes'), this.serverFlags()]);
      if (all.why !== undefined) return all;
      const labels = new LabelSets();
      return { object: all.object.map((node) => nodeRecord(node, labels)).filter((node) => nodeSelector.matches(node.labels.values)) };
    });
  }

  kubelets(): Promise<Seen<KubeletVisits>> {
    return this.once('kubelets', async () => {
      const [nodes, { options: { kubelet } }] = await Promise.all([this.nodes(), this.serverFlags()]);
      if (nodes.why !== undefined) return nodes;
      return { object: await visitKubelets({ ...this.asked, nodes: nodes.object, kubelet, timeoutMs: this.asked.kubeletsTimeoutMs }) };
    });
  }

  nodeMetrics(apiService: string): Promise<Seen<readonly NodeMetrics[]>> {
    return this.reader.list(`${groupVersionPath(apiService)}/nodes`);
  }

  async nodesWithMetrics(): Promise<ReadonlySet<string>> {
    const { options: { metricResolutionMs } } = await this.serverFlags();
    const lists = await Promise.all(API_SERVICE_NAMES.map((name) => this.nodeMetrics(name)));
    const oldMs = this.now() - OLD_AFTER * metricResolutionMs;
    const fresh = lists.flatMap(({ object = [] }) => object).filter(({ timestamp }) => Date.parse(timestamp) >= oldMs);
    return new Set(fresh.map(({ metadata: { name } }) => name));
  }

  probeTls(target: TlsTarget): Promise<TlsProbe> {
    return this.once(JSON.stringify(target), () => probeTls(target, this.asked.clock, this.asked.signal));
  }

  /** The server's process where the doctor runs beside it, else a pod, else what pods are to be made from. */
  private async flagSource(): Promise<Seen<FlagSource>> {
    const { processOne } = this.asked;
    if (this.isBesideServer()) {
      return { object: { name: 'the first process here', line: processOne, isHere: true } };
    }
    const pods = await this.pods();
    const [pod] = pods.object ?? [];
    if (pod) return { object: { name: `Pod ${(await this.target()).namespace}/${pod.metadata.name}`, line: lineOf(pod.spec), isHere: false } };
    const deployment = await this.deployment();
    if (deployment.why !== undefined) return deployment;
    const { metadata, spec: { template } } = deployment.object;
    const name = `Deployment ${nameOf({ ...await this.target(), ...metadata })}, ${pods.object ? 'which has no pods' : 'whose pods cannot be seen'}`;
    return { object: { name, line: lineOf(template.spec), isHere: false } };
  }

  private isBesideServer(): boolean {
    const { processOne } = this.asked;
    return !processOne.includes('doctor') && processOne.some((argument) => argument.startsWith('-'));
  }

  private once<T>(key: string, find: () => Promise<T>): Promise<T> {
    const found = (this.known.get(key) as Promise<T> | undefined) ?? find();
    this.known.set(key, found);
    return found;
  }
}

function lineOf(spec: PodSpec): readonly string[] {
  const container = serverContainer(spec);
  return container ? commandLine(container) : [];
}

function endpointsOf({ ports, endpoints }: EndpointSlice): Endpoint[] {
  const port = ports?.find((one) => one.port !== undefined)?.port;
  if (port === undefined) return [];
  // Unknown counts as ready, as EndpointSlices have it.
  const ready = (conditions: { readonly ready?: boolean } | undefined) => conditions?.ready ?? true;
  return (endpoints ?? []).flatMap(({ addresses, conditions }) => addresses.slice(0, 1).map((host) => ({ host, port, ready: ready(conditions) })));
}
