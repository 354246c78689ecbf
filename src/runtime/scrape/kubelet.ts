import { mostTelling } from './attempts';
import { ClockReading, readClock } from './clock-reading';
import { HttpResponseReader } from './http-response';
import { KubeletAddress, KubeletAddressRules, kubeletAddresses, noAddress, serverNames } from './kubelet-address';
import { KubeletConnection, KubeletConnectionOptions, PageRequest, RequestEnd } from './kubelet-connection';
import { hasNoSuchPage, KubeletPage } from './kubelet-page';
import { ScrapeAttempt, ScrapeFailure, ScrapeOutcome } from './outcome';
import { statusFailure } from './status-failure';
import { KubeletSource } from '../../_facts/flags';
import { NodeRecord } from '../cluster/node';

export interface KubeletOptions extends KubeletConnectionOptions {
  readonly address: KubeletAddressRules;
  readonly source: KubeletSource;
  /** For all addresses together. */
  readonly requestTimeoutMs: number;
  /** The credentials were refused. */
  readonly onUnauthorized: () => void;
}

/** Uses the page at once: its bytes are overwritten by the next one. Returns what is wrong with it. */
export type PageConsumer = (body: Buffer, startedMs: number, clock?: ClockReading) => ScrapeFailure | undefined;

/** One node's kubelet, of which is remembered where it was reached. One request at a time. */
export class Kubelet {
  /** To the address that was reached last. */
  private connection: KubeletConnection | undefined;
  private readonly page: KubeletPage;
  private closed = false;

  constructor(private readonly options: KubeletOptions) {
    this.page = new KubeletPage(options.source);
  }

  /** Asks one address after the other until one is reached. Never rejects; undefined when cancelled by `close`. */
  async fetch(node: NodeRecord, reader: HttpResponseReader, consume: PageConsumer): Promise<ScrapeOutcome | undefined> {
    const { clock, address: rules, requestTimeoutMs } = this.options;
    const startedMs = clock.now();
    const startedAt = clock.monotonic();
    const attempts: ScrapeAttempt[] = [];
    let reached = false;
    const addresses = this.rememberedFirst(kubeletAddresses(node, rules));
    for (let tried = 0; tried < addresses.length && !reached; tried++) {
      if (this.closed) return undefined;
      const attemptedAt = clock.monotonic();
      const timeoutMs = Math.ceil(startedAt + requestTimeoutMs - attemptedAt);
      if (timeoutMs <= 0) break;
      const connection = this.connectionTo(addresses[tried]);
      const connectTimeoutMs = Math.ceil(timeoutMs / (addresses.length - tried));
      const { end, target } = await this.getPage(connection, node, { timeoutMs, connectTimeoutMs }, reader);
      if (end === 'cancelled') return undefined;
      reached = end === 'answered' || !end.unreached;
      const reading = readClock(reader.header('date'), attemptedAt, clock.monotonic());
      const failure = end === 'answered' ? this.judge(target, reader, (body) => consume(body, startedMs, reading)) : end.failure;
      const { address: { hostPort: address }, certificateNames } = connection;
      attempts.push({ address, certificateNames, durationMs: clock.monotonic() - attemptedAt, failure });
    }
    // Next time the most wanted address has its chance again.
    if (!reached) this.forgetConnection();
    const visit = { node: node.name, startedMs, durationMs: clock.monotonic() - startedAt };
    if (attempts.length === 0) return { ...visit, address: undefined, failure: noAddress(node, rules) };
    return { ...visit, ...mostTelling(attempts, reached) };
  }

  close(): void {
    this.closed = true;
    this.connection?.close();
  }

  /** The one that the kubelet has. */
  private async getPage(
    connection: KubeletConnection, node: NodeRecord, timeouts: Pick<PageRequest, 'timeoutMs' | 'connectTimeoutMs'>, reader: HttpResponseReader,
  ): Promise<{ readonly end: RequestEnd; readonly target: string }> {
    const { clock } = this.options;
    const startedAt = clock.monotonic();
    const target = this.page.of(node);
    const request = { ...timeouts, serverNames: () => serverNames(connection.address.host, node) };
    const end = await connection.get({ ...request, target }, reader);
    const other = end === 'answered' && hasNoSuchPage(reader.status) ? this.page.insteadOf(target) : undefined;
    if (other === undefined) return { end, target };
    reader.reset();
    const timeoutMs = Math.max(0, timeouts.timeoutMs - (clock.monotonic() - startedAt));
    const otherEnd = await connection.get({ ...request, target: other, timeoutMs, connectTimeoutMs: timeoutMs }, reader);
    if (otherEnd === 'answered' && reader.status === 200) this.page.remember(other);
    return { end: otherEnd, target: other };
  }

  private forgetConnection(): void {
    this.connection?.close();
    this.connection = undefined;
  }

  private rememberedFirst(addresses: readonly KubeletAddress[]): readonly KubeletAddress[] {
    const remembered = addresses.find(({ hostPort }) => hostPort === this.connection?.address.hostPort);
    return remembered === undefined ? addresses : [remembered, ...addresses.filter((address) => address !== remembered)];
  }

  private connectionTo(address: KubeletAddress): KubeletConnection {
    if (this.connection?.address.hostPort === address.hostPort) return this.connection;
    this.forgetConnection();
    return this.connection = new KubeletConnection(address, this.options);
  }

  private judge(target: string, reader: HttpResponseReader, consume: (body: Buffer) => ScrapeFailure | undefined): ScrapeFailure | undefined {
    if (reader.status === 200) return consume(reader.body);
    if (reader.status === 401) this.options.onUnauthorized();
    return statusFailure(target, reader.status, reader.statusText, reader.body);
  }
}
