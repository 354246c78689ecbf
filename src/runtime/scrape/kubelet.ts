import { mostTelling } from './attempts';
import { ClockReading, readClock } from './clock-reading';
import { HttpResponseReader } from './http-response';
import { KubeletAddress, KubeletAddressRules, kubeletAddresses, noAddress } from './kubelet-address';
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
  /** Of the node as it was last. */
  private addresses: { readonly node: NodeRecord; readonly inOrder: readonly KubeletAddress[] } | undefined;
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
    const addresses = this.rememberedFirst(this.addressesOf(node));
    for (let tried = 0; tried < addresses.length && !reached; tried++) {
      if (this.closed) return undefined;
      const attemptedAt = clock.monotonic();
      const timeoutMs = Math.ceil(startedAt + requestTimeoutMs - attemptedAt);
      if (timeoutMs <= 0) break;
      const connection = this.connectionTo(addresses[tried]);
      const connectTimeoutMs = Math.ceil(timeoutMs / (addresses.length - tried));
      let target = this.page.of(node);
      let end = await connection.get({ target, node, timeoutMs, connectTimeoutMs }, reader);
      const other = end === 'answered' && hasNoSuchPage(reader.status) ? this.page.insteadOf(target) : undefined;
      if (other !== undefined) {
        target = other;
        end = await this.getInstead(other, connection, { node, timeoutMs: timeoutMs - (clock.monotonic() - attemptedAt) }, reader);
      }
      if (end === 'cancelled') return undefined;
      reached = end === 'answered' || !end.unreached;
      const { address: { hostPort }, certificateNames } = connection;
      const answeredAt = clock.monotonic();
      const failure = end === 'answered'
        ? this.judge(target, reader, (body) => consume(body, startedMs, readClock(reader.dateMs, attemptedAt, answeredAt)))
        : end.failure;
      attempts.push({ address: hostPort, certificateNames, durationMs: clock.monotonic() - attemptedAt, failure });
    }
    // Next time the most wanted address has its chance again.
    if (!reached) this.forgetConnection();
    const durationMs = clock.monotonic() - startedAt;
    if (attempts.length === 0) return { node: node.name, startedMs, durationMs, address: undefined, failure: noAddress(node, rules) };
    const { address, certificateNames, failure, otherAttempts } = mostTelling(attempts, reached);
    return { node: node.name, startedMs, durationMs, address, certificateNames, failure, otherAttempts };
  }

  close(): void {
    this.closed = true;
    this.connection?.close();
  }

  /** Asks for the other page, where the kubelet does not have the first. */
  private async getInstead(
    target: string, connection: KubeletConnection, { node, timeoutMs }: Pick<PageRequest, 'node' | 'timeoutMs'>, reader: HttpResponseReader,
  ): Promise<RequestEnd> {
    reader.reset();
    const remainingMs = Math.max(0, timeoutMs);
    const end = await connection.get({ target, node, timeoutMs: remainingMs, connectTimeoutMs: remainingMs }, reader);
    if (end === 'answered' && reader.status === 200) this.page.remember(target);
    return end;
  }

  private forgetConnection(): void {
    this.connection?.close();
    this.connection = undefined;
  }

  private addressesOf(node: NodeRecord): readonly KubeletAddress[] {
    if (this.addresses?.node !== node) this.addresses = { node, inOrder: kubeletAddresses(node, this.options.address) };
    return this.addresses!.inOrder;
  }

  private rememberedFirst(addresses: readonly KubeletAddress[]): readonly KubeletAddress[] {
    const remembered = addresses.find(({ hostPort }) => hostPort === this.connection?.address.hostPort);
    if (remembered === undefined || remembered === addresses[0]) return addresses;
    return [remembered, ...addresses.filter((address) => address !== remembered)];
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
