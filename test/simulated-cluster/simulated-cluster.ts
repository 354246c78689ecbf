import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ApiClient, ApiResponse, apiReviewer } from './api-client';
import { ApiServer } from './api-server';
import { Tokens } from './authentication';
import { authenticationConfigMap, nodeObject, podObject } from './cluster-objects';
import { createFleet } from './fleet';
import { KubeObject } from './kube-object';
import { renderKubeconfig } from './kubeconfig';
import { Kubelet } from './kubelet';
import { ObjectStore } from './object-store';
import { createCertificateAuthority, Identity, issueCertificate } from './pki';
import { BOOTSTRAP_ROLES } from './rbac';
import { ADMIN, userNamed } from './user';
import { Clock, systemClock } from '../../src/runtime/clock';

export interface SimulatedClusterProps {
  /** @default 3 */
  readonly nodes?: number;
  /** In all. @default 12 */
  readonly pods?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** Kubelets know who asks and what they may do even while the API server is down, as if they remembered. @default false */
  readonly kubeletsKnowUsers?: boolean;
  /** Where a directory for kubeconfigs is made. @default the system's for temporary files */
  readonly directory?: string;
}

/** A cluster in this process: a kube-apiserver's surface, kubelets over TLS, pods whose usage moves. */
export async function startSimulatedCluster(props: SimulatedClusterProps = {}): Promise<SimulatedCluster> {
  const { nodes = 3, pods = 12, clock = systemClock, kubeletsKnowUsers = false, directory = os.tmpdir() } = props;
  const [clusterCa, frontProxyCa] = await Promise.all(['kubernetes', 'front-proxy-ca'].map(createCertificateAuthority));
  const store = new ObjectStore(clock);
  const tokens = new Tokens();
  const api = await ApiServer.start({
    clock,
    store,
    tokens,
    clientCa: clusterCa.certificate,
    identity: await issueCertificate(clusterCa, { commonName: 'kube-apiserver', dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'], usages: ['server'] }),
    frontProxy: await issueCertificate(frontProxyCa, { commonName: 'front-proxy-client', usages: ['client'] }),
  });
  const cluster = new SimulatedCluster(api, store, tokens, clusterCa, fs.mkdtempSync(path.join(directory, 'simulated-cluster-')));
  BOOTSTRAP_ROLES.forEach((role) => cluster.apply(role));
  cluster.apply(authenticationConfigMap(clusterCa.certificate, frontProxyCa.certificate));
  const fleet = createFleet({ nodes, pods, epochMs: clock.now() });
  // Kubelets review tokens and access with an identity of their own, as real ones do.
  const reviewer = kubeletsKnowUsers ? api : apiReviewer(cluster.clientOf('system:kubelet-reviewer', ['system:masters']));
  try {
    for (const [index, node] of fleet.entries()) {
      const kubelet = await startKubelet(index, (host) => Kubelet.start({ node, host, clock, ca: clusterCa, reviewer }));
      cluster.kubelets.push(kubelet);
      cluster.apply(nodeObject(node, kubelet));
      node.pods.forEach((pod) => cluster.apply(podObject(pod, node.name)));
    }
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

export class SimulatedCluster {
  public readonly kubelets: Kubelet[] = [];
  /** Asks the API server as a member of system:masters. */
  public readonly admin: ApiClient;
  private readonly clients: ApiClient[] = [];

  constructor(
    public readonly api: ApiServer,
    /** The objects of the API server; what is put here is seen by lists and watches. */
    public readonly store: ObjectStore,
    public readonly tokens: Tokens,
    public readonly ca: Identity,
    /** For files of the cluster's users; removed with it. */
    public readonly directory: string,
  ) {
    this.admin = this.clientOf(ADMIN.name, ADMIN.groups);
  }

  /** URL of the API server. */
  public get server(): string {
    return this.api.url;
  }

  /** Asks the API server as a member of system:masters. */
  public request(method: string, requestPath: string, body?: object, contentType?: string): Promise<ApiResponse> {
    return this.admin.request(method, requestPath, body, contentType);
  }

  /** Creates or replaces an object. */
  public apply(object: KubeObject): KubeObject {
    return this.store.put(object);
  }

  /**
   * Writes a kubeconfig for the user and returns its path. `system:serviceaccount:<namespace>:<name>` is a service
   * account; what a user may do, the RBAC objects in the cluster say.
   */
  public async kubeconfigPath(user: string, credential: 'token' | 'certificate' = 'token'): Promise<string> {
    const groups = user === ADMIN.name ? ADMIN.groups : userNamed(user).groups;
    const how = credential === 'token'
      ? { token: this.tokens.issue({ name: user, groups }) }
      : await issueCertificate(this.ca, { commonName: user, organizations: groups, usages: ['client'] });
    const file = path.join(this.directory, `${user.replace(/\W+/g, '-')}-${credential}.kubeconfig`);
    fs.writeFileSync(file, renderKubeconfig(this.server, this.ca.certificate, user, how), { mode: 0o600 });
    return file;
  }

  /** A client with a token of the user, closed with the cluster. */
  public clientOf(user: string, groups: readonly string[] = []): ApiClient {
    const token = this.tokens.issue(userNamed(user, groups));
    const client = new ApiClient({ server: this.server, ca: this.ca.certificate, token });
    this.clients.push(client);
    return client;
  }

  public kubelet(nodeName: string): Kubelet {
    const kubelet = this.kubelets.find(({ node }) => node.name === nodeName);
    if (!kubelet) throw new Error(`no node ${nodeName} among ${this.kubelets.map(({ node }) => node.name).join(', ')}`);
    return kubelet;
  }

  /** Ends servers and connections and removes the kubeconfigs. */
  public async stop(): Promise<void> {
    this.clients.forEach((client) => client.close());
    await Promise.all([this.api.stop(), ...this.kubelets.map((kubelet) => kubelet.stop())]);
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** On an address of its own where the whole of 127/8 is loopback, as on Linux, else on 127.0.0.1. */
async function startKubelet(index: number, start: (host: string) => Promise<Kubelet>): Promise<Kubelet> {
  try {
    return await start(`127.1.${Math.floor(index / 250)}.${index % 250 + 1}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL') throw error;
    return start('127.0.0.1');
  }
}
