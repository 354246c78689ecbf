import { ApiClient, ApiRequestOptions, ApiStreamOptions } from '../../../src/runtime/cluster/api-client';
import { kubeconfigConfig } from '../../../src/runtime/cluster/kubeconfig';
import { KeyPair } from '../../../src/runtime/serving-certificate/key-pair';
import { SelfManagedCertificate } from '../../../src/runtime/serving-certificate/self-managed-certificate';
import { KubeObject, resourceOfKind } from '../../simulated-cluster/kube-object';
import { SimulatedCluster } from '../../simulated-cluster/simulated-cluster';
import { RecordingLogger } from '../cluster/fixtures';
import { ManualClock } from '../manual-clock';

export const SERVICE = { namespace: 'kube-system', name: 'metrics-server' };
export const SECRET = { namespace: 'kube-system', name: 'metrics-server-serving-cert' };

const SECRETS = resourceOfKind('v1', 'Secret')!;

/** The Secret as the chart declares it. */
export function emptySecret(): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: SECRET, type: 'Opaque' };
}

export function secretIn(cluster: SimulatedCluster): KubeObject | undefined {
  return cluster.store.find(SECRETS, SECRET.namespace, SECRET.name);
}

export function removeSecret(cluster: SimulatedCluster): void {
  cluster.store.remove(SECRETS, SECRET.namespace, SECRET.name);
}

/** A client of the cluster's API server that remembers what it does. */
export class RecordingClient extends ApiClient {
  static async of(cluster: SimulatedCluster, user: string): Promise<RecordingClient> {
    return new RecordingClient({ config: await kubeconfigConfig(await cluster.kubeconfigPath(user)), userAgent: 'test' });
  }

  readonly writes: ApiRequestOptions[] = [];
  /** Watches that go on from a list or from what there was, so far. */
  watches = 0;
  /** Changes that they have brought. */
  events = 0;
  /** False for a watch that is late. */
  hearsEvents = true;
  /** Waited for before each write. */
  beforeWrite: () => Promise<void> = async () => {};
  /** Waited for before the answer to a write is heard. */
  afterWrite: () => Promise<void> = async () => {};

  async request<T>(options: ApiRequestOptions): Promise<T> {
    if ((options.method ?? 'GET') === 'GET') return super.request(options);
    this.writes.push(options);
    await this.beforeWrite();
    const answer = await super.request<T>(options);
    await this.afterWrite();
    return answer;
  }

  async stream(options: ApiStreamOptions): Promise<void> {
    let isInitial = options.query?.sendInitialEvents === true;
    if (!isInitial) this.watches++;
    return super.stream({
      ...options,
      onEvent: (event) => {
        if (!this.hearsEvents) return;
        options.onEvent(event);
        const isBookmark = (event as { type: string }).type === 'BOOKMARK';
        if (isBookmark && isInitial) this.watches++;
        if (!isBookmark && !isInitial) this.events++;
        if (isBookmark) isInitial = false;
      },
    });
  }
}

/** One replica's serving certificate, on a clock of its own. */
export class Replica {
  static async of(cluster: SimulatedCluster, user = 'kubernetes-admin'): Promise<Replica> {
    return new Replica(await RecordingClient.of(cluster, user));
  }

  readonly clock = new ManualClock();
  readonly logger = new RecordingLogger();
  readonly served: KeyPair[] = [];
  readonly caBundles: string[] = [];
  /** Whether the Secret was there when it was looked for last. */
  seesSecret: boolean | undefined;
  readonly certificate: SelfManagedCertificate;

  private constructor(readonly client: RecordingClient) {
    this.certificate = new SelfManagedCertificate({
      secret: SECRET,
      service: SERVICE,
      client,
      clock: this.clock,
      random: () => 0,
      logger: this.logger,
      onCaBundle: (pem) => this.caBundles.push(pem),
      onSecret: (isThere) => { this.seesSecret = isThere; },
    });
  }

  onCertificate = (pair: KeyPair): void => { this.served.push(pair); };

  start(): void {
    void this.certificate.start((pair) => this.onCertificate(pair));
  }

  stop(): void {
    this.certificate.stop();
    this.client.close();
  }
}
