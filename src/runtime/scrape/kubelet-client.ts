import { HttpResponseReader } from './http-response';
import { KubeletAddressRules, kubeletAddress, noAddress } from './kubelet-address';
import { KubeletConnection, RequestEnd } from './kubelet-connection';
import { KubeletTls, KubeletTlsOptions } from './kubelet-tls';
import { ScrapeFailure, ScrapeOutcome } from './outcome';
import { statusFailure } from './status-failure';
import { Clock } from '../clock';
import { CredentialSource } from '../cluster/cluster-config';
import { NodeRecord } from '../cluster/node';

const DEFAULT_PATH = '/metrics/resource';
const DEFAULT_MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** More than this are kept for nobody: as many as requests are under way at the same time, usually. */
const MAX_IDLE_READERS = 32;

export interface KubeletClientOptions {
  readonly clock: Clock;
  readonly address: KubeletAddressRules;
  /** Undefined for plain HTTP without credentials. */
  readonly tls: KubeletTlsOptions | undefined;
  readonly credentials: CredentialSource;
  readonly requestTimeoutMs: number;
  /** @default 16 MiB */
  readonly maxPageBytes?: number;
}

/** Uses the page at once: its bytes are overwritten by the next one. Returns what is wrong with it. */
export type PageConsumer = (body: Buffer, startedMs: number) => ScrapeFailure | undefined;

/** Asks kubelets for their pages. */
export interface KubeletClient {
  /** Never rejects. Undefined when the request was cancelled by `retain` or `close`. */
  fetch(node: NodeRecord, consume: PageConsumer): Promise<ScrapeOutcome | undefined>;
  /** Closes the connections to all nodes but these. */
  retain(nodes: ReadonlySet<string>): void;
  close(): void;
}

/** One persistent connection for each node. */
export class PooledKubeletClient implements KubeletClient {
  private readonly connections = new Map<string, KubeletConnection>();
  private readonly idleReaders: HttpResponseReader[] = [];
  private readonly tls: KubeletTls | undefined;
  private closed = false;

  constructor(private readonly options: KubeletClientOptions) {
    this.tls = options.tls && new KubeletTls(options.tls);
  }

  async fetch(node: NodeRecord, consume: PageConsumer): Promise<ScrapeOutcome | undefined> {
    const { clock, address: rules } = this.options;
    const address = kubeletAddress(node, rules);
    const startedMs = clock.now();
    const startedAt = clock.monotonic();
    const outcome = (failure: ScrapeFailure | undefined): ScrapeOutcome => {
      const certificateNames = this.connections.get(node.name)?.certificateNames;
      return { node: node.name, address: address?.hostPort, startedMs, durationMs: clock.monotonic() - startedAt, certificateNames, failure };
    };
    if (!address) return outcome(noAddress(node, rules));
    let connection = this.connections.get(node.name);
    if (connection?.address.hostPort !== address.hostPort) {
      connection?.close();
      if (this.closed) return undefined;
      connection = new KubeletConnection(address, {
        clock,
        tls: this.tls,
        credentials: () => this.options.credentials.credentials(),
        requestTimeoutMs: this.options.requestTimeoutMs,
      });
      this.connections.set(node.name, connection);
    }
    const reader = this.idleReaders.pop() ?? new HttpResponseReader(this.options.maxPageBytes ?? DEFAULT_MAX_PAGE_BYTES);
    try {
      const end = await connection.get(node.metricsPath ?? DEFAULT_PATH, reader);
      return end === 'cancelled' ? undefined : outcome(this.judge(end, reader, body => consume(body, startedMs)));
    } finally {
      reader.reset();
      if (this.idleReaders.length < MAX_IDLE_READERS) this.idleReaders.push(reader);
    }
  }

  retain(nodes: ReadonlySet<string>): void {
    for (const [name, connection] of this.connections) {
      if (nodes.has(name)) continue;
      connection.close();
      this.connections.delete(name);
    }
  }

  close(): void {
    this.closed = true;
    this.retain(new Set());
  }

  private judge(end: Exclude<RequestEnd, 'cancelled'>, reader: HttpResponseReader, consume: (body: Buffer) => ScrapeFailure | undefined): ScrapeFailure | undefined {
    if (end !== 'answered') return end;
    if (reader.status === 200) return consume(reader.body);
    if (reader.status === 401) this.options.credentials.invalidate();
    return statusFailure(reader.status, reader.statusText, reader.body);
  }
}
