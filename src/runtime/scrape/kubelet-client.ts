import { HttpResponseReader } from './http-response';
import { Kubelet, PageConsumer } from './kubelet';
import { KubeletAddressRules } from './kubelet-address';
import { KubeletRequests } from './kubelet-request';
import { KubeletTls, KubeletTlsOptions } from './kubelet-tls';
import { LastHttpHead } from './last-http-head';
import { ScrapeOutcome } from './outcome';
import { ProxyRule } from './proxy-environment';
import { KubeletSource } from '../../_facts/flags';
import { Clock } from '../clock';
import { CredentialSource } from '../cluster/cluster-config';
import { NodeRecord } from '../cluster/node';

const DEFAULT_MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** More than this are kept for nobody: as many as requests are under way at the same time, usually. */
const MAX_IDLE_READERS = 32;

export interface KubeletClientOptions {
  readonly clock: Clock;
  readonly address: KubeletAddressRules;
  /** Undefined for plain HTTP without credentials. */
  readonly tls: KubeletTlsOptions | undefined;
  readonly credentials: CredentialSource;
  /** The straight way to all when undefined, whatever the environment says. */
  readonly proxy?: ProxyRule;
  readonly source: KubeletSource;
  /** Pages are asked for compressed. @default false */
  readonly gzip?: boolean;
  readonly requestTimeoutMs: number;
  /** @default 16 MiB */
  readonly maxPageBytes?: number;
}

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
  private readonly kubelets = new Map<string, Kubelet>();
  private readonly idleReaders: HttpResponseReader[] = [];
  private readonly lastHead = new LastHttpHead();
  private readonly requests: KubeletRequests;
  private readonly tls: KubeletTls | undefined;
  private closed = false;

  constructor(private readonly options: KubeletClientOptions) {
    this.requests = new KubeletRequests(options.gzip);
    this.tls = options.tls && new KubeletTls(options.tls);
  }

  async fetch(node: NodeRecord, consume: PageConsumer): Promise<ScrapeOutcome | undefined> {
    if (this.closed) return undefined;
    const reader = this.idleReaders.pop() ?? this.newReader();
    try {
      return await this.kubeletOf(node.name).fetch(node, reader, consume);
    } finally {
      reader.reset();
      if (this.idleReaders.length < MAX_IDLE_READERS) this.idleReaders.push(reader);
    }
  }

  retain(nodes: ReadonlySet<string>): void {
    for (const [name, kubelet] of this.kubelets) {
      if (nodes.has(name)) continue;
      kubelet.close();
      this.kubelets.delete(name);
    }
  }

  close(): void {
    this.closed = true;
    this.retain(new Set());
  }

  private newReader(): HttpResponseReader {
    const { maxPageBytes = DEFAULT_MAX_PAGE_BYTES, gzip } = this.options;
    return new HttpResponseReader(maxPageBytes, this.lastHead, gzip);
  }

  private kubeletOf(name: string): Kubelet {
    let kubelet = this.kubelets.get(name);
    if (!kubelet) {
      const { clock, address, proxy, source, requestTimeoutMs, credentials } = this.options;
      kubelet = new Kubelet({
        clock,
        address,
        proxy,
        source,
        requestTimeoutMs,
        tls: this.tls,
        requests: this.requests,
        credentials: () => credentials.credentials(),
        onUnauthorized: () => credentials.invalidate(),
      });
      this.kubelets.set(name, kubelet);
    }
    return kubelet;
  }
}
