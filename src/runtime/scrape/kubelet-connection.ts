import { SecureContext } from 'node:tls';
import { connectionFailure, timeoutFailure } from './connection-failure';
import { HttpResponseReader } from './http-response';
import { KubeletAddress, serverNames } from './kubelet-address';
import { KubeletRequests } from './kubelet-request';
import { KubeletSocket } from './kubelet-socket';
import { KubeletTls } from './kubelet-tls';
import { ScrapeFailure } from './outcome';
import { ProxyRule } from './proxy-environment';
import { Clock, Stop } from '../clock';
import { Credentials } from '../cluster/cluster-config';
import { NodeRecord } from '../cluster/node';

export interface KubeletConnectionOptions {
  readonly clock: Clock;
  /** Plain HTTP when undefined; no credentials are sent then. */
  readonly tls: KubeletTls | undefined;
  /** The straight way to all when undefined, whatever the environment says. */
  readonly proxy?: ProxyRule;
  readonly requests: KubeletRequests;
  credentials(): Promise<Credentials>;
}

export interface PageRequest {
  /** Path and query, as on the wire. */
  readonly target: string;
  /** Whose kubelet it is: the certificate must be for one of its names. */
  readonly node: NodeRecord;
  /** For all of it: credentials, connecting, TLS, answer. */
  readonly timeoutMs: number;
  /** For what comes before the request is sent; no more than `timeoutMs`. */
  readonly connectTimeoutMs: number;
}

/** A request that got no answer. */
export interface BrokenRequest {
  readonly failure: ScrapeFailure;
  /** Nobody was reached who would take the request, so that another address may do better. */
  readonly unreached: boolean;
}

/** How a request ended: answered (with whatever status), cancelled because the connection was closed here, or broken. */
export type RequestEnd = 'answered' | 'cancelled' | BrokenRequest;

/** A request under way. */
interface Exchange {
  readonly page: PageRequest;
  readonly startedAt: number;
  readonly reader: HttpResponseReader;
  readonly end: (end: RequestEnd) => void;
  stopDeadline: Stop;
  /** As on the wire, once credentials are known. */
  request: string;
  /** On a connection kept from an earlier request, which the kubelet may have given up meanwhile. */
  reused: boolean;
  progress: 'reading credentials' | 'connecting' | 'TLS handshake' | 'sent';
}

/**
 * A persistent connection to one kubelet, one request at a time, HTTP/1.1.
 *
 * Plain sockets and not node:https or node:http2, which cost several times as much per scrape at thousands of kubelets.
 * Redirects are not followed.
 */
export class KubeletConnection {
  private socket: KubeletSocket | undefined;
  private context: SecureContext | undefined;
  /** For resuming TLS; only ever of a verified connection, since a resumed one is not verified again. */
  private session: Buffer | undefined;
  private exchange: Exchange | undefined;
  private closed = false;
  /** As the certificate of the last handshake has them, whether it was accepted or not. */
  private offeredNames: string | undefined;

  constructor(readonly address: KubeletAddress, private readonly options: KubeletConnectionOptions) {}

  get busy(): boolean {
    return this.exchange !== undefined;
  }

  get certificateNames(): string | undefined {
    return this.offeredNames;
  }

  /** Of the request under way, for a person. */
  private get progress(): string {
    const { progress, reader } = this.exchange!;
    return progress === 'sent' ? reader.progress : progress;
  }

  /** Reads the answer into `reader`. Never rejects. */
  get(page: PageRequest, reader: HttpResponseReader): Promise<RequestEnd> {
    if (this.closed) return Promise.resolve('cancelled');
    if (this.busy) throw new Error(`a request to ${this.address.hostPort} is under way`);
    return new Promise(end => {
      const { clock } = this.options;
      const stopDeadline = clock.after(page.connectTimeoutMs, () => this.atConnectDeadline());
      const exchange: Exchange = { page, startedAt: clock.monotonic(), reader, end, stopDeadline, request: '', reused: false, progress: 'reading credentials' };
      this.exchange = exchange;
      void this.begin(exchange);
    });
  }

  /** Ends a request under way as cancelled. */
  close(): void {
    this.closed = true;
    this.finish('cancelled');
    this.drop();
  }

  private async begin(exchange: Exchange): Promise<void> {
    let credentials: Credentials = {};
    try {
      if (this.options.tls) credentials = await this.options.credentials();
      exchange.request = this.options.requests.of(exchange.page.target, this.address.hostPort, credentials);
    } catch (error) {
      if (this.exchange === exchange) this.fail({ reason: 'unauthorized', message: `no credentials to show: ${connectionFailure(error).message}` });
      return;
    }
    if (this.exchange !== exchange) return;
    try {
      this.useContext(this.options.tls?.context(credentials.clientCertificate));
    } catch (error) {
      return this.fail({ reason: 'tls', message: `CA bundle or client certificate cannot be used: ${connectionFailure(error).message}` });
    }
    if (this.socket?.usable) {
      exchange.reused = true;
      this.send(exchange);
    } else {
      this.connect();
    }
  }

  /** What was verified against another CA or shown another certificate is not used again. */
  private useContext(context: SecureContext | undefined): void {
    if (context === this.context) return;
    this.drop();
    this.session = undefined;
    this.context = context;
  }

  private send(exchange: Exchange): void {
    exchange.progress = 'sent';
    this.socket!.write(exchange.request);
  }

  private atConnectDeadline(): void {
    const exchange = this.exchange!;
    const { timeoutMs, connectTimeoutMs } = exchange.page;
    if (exchange.progress !== 'sent' || connectTimeoutMs >= timeoutMs) return this.fail(timeoutFailure(connectTimeoutMs, this.progress));
    // Somebody has been reached: the rest of the time is theirs.
    const { clock } = this.options;
    const remainingMs = exchange.startedAt + timeoutMs - clock.monotonic();
    exchange.stopDeadline = clock.after(remainingMs, () => this.fail(timeoutFailure(timeoutMs, this.progress)));
  }

  private connect(): void {
    const exchange = this.exchange!;
    exchange.reused = false;
    exchange.progress = 'connecting';
    this.drop();
    this.offeredNames = undefined;
    const { address, context, session, options: { tls, proxy } } = this;
    // What the socket is given lives as long as it: the exchange, if it were in there, would too, and V8 would take all exchanges for long-lived.
    const { page: { node } } = exchange;
    this.session = undefined;
    try {
      this.socket = new KubeletSocket({
        address,
        proxy: proxy?.(address),
        tls: tls && {
          context, session, rejectUnauthorized: tls.rejectUnauthorized, serverNames: () => serverNames(address.host, node),
        },
      }, {
        connected: () => { if (this.exchange && tls) this.exchange.progress = 'TLS handshake'; },
        certificate: (names) => { this.offeredNames = names; },
        ready: () => { if (this.exchange) this.send(this.exchange); },
        session: (fresh) => { this.session = fresh; },
        received: (bytes, length) => this.read(bytes, length),
        broken: (error) => this.broken(error),
      });
    } catch (error) {
      this.fail(connectionFailure(error));
    }
  }

  private read(bytes: Buffer, length: number): void {
    const exchange = this.exchange;
    if (!exchange || exchange.progress !== 'sent') return this.drop();
    try {
      exchange.reader.push(bytes, length);
      if (exchange.reader.done) this.finish('answered');
    } catch (error) {
      this.fail(connectionFailure(error));
    }
  }

  /** The socket can no longer be used; `error` is absent when the kubelet closed it. */
  private broken(error?: Error): void {
    this.drop();
    const exchange = this.exchange;
    if (!exchange) return;
    if (exchange.reused && !exchange.reader.begun) return this.connect();
    if (error) return this.fail(connectionFailure(error));
    try {
      exchange.reader.end();
      this.finish('answered');
    } catch (cut) {
      this.fail(connectionFailure(cut));
    }
  }

  private fail(failure: ScrapeFailure): void {
    const progress = this.exchange?.progress;
    this.finish({ failure, unreached: progress === 'connecting' || progress === 'TLS handshake' });
  }

  private finish(end: RequestEnd): void {
    const exchange = this.exchange;
    if (!exchange) return;
    this.exchange = undefined;
    exchange.stopDeadline();
    if (end !== 'answered' || !exchange.reader.keepAlive) this.drop();
    exchange.end(end);
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    socket?.destroy();
  }
}
