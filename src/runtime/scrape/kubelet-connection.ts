import { Socket, connect as connectTcp, isIP } from 'node:net';
import { SecureContext, TLSSocket, connect as connectTls } from 'node:tls';
import { connectionFailure, timeoutFailure } from './connection-failure';
import { HttpResponseReader } from './http-response';
import { KubeletAddress } from './kubelet-address';
import { kubeletRequest } from './kubelet-request';
import { KubeletTls, verifyKubeletName } from './kubelet-tls';
import { ScrapeFailure } from './outcome';
import { printable } from './printable';
import { Clock, Stop } from '../clock';
import { Credentials } from '../cluster/cluster-config';

export interface KubeletConnectionOptions {
  readonly clock: Clock;
  /** Plain HTTP when undefined; no credentials are sent then. */
  readonly tls: KubeletTls | undefined;
  /** For all of it: credentials, connecting, TLS, answer. */
  readonly requestTimeoutMs: number;
  credentials(): Promise<Credentials>;
}

/** How a request ended: answered (with whatever status), cancelled because the connection was closed here, or failed. */
export type RequestEnd = 'answered' | 'cancelled' | ScrapeFailure;

/** A request under way. */
interface Exchange {
  readonly path: string;
  readonly reader: HttpResponseReader;
  readonly end: (end: RequestEnd) => void;
  readonly stopDeadline: Stop;
  /** As on the wire, once credentials are known. */
  request: string;
  /** On a connection kept from an earlier request, which the kubelet may have given up meanwhile. */
  reused: boolean;
  progress: 'reading credentials' | 'connecting' | 'TLS handshake' | 'sent';
}

/** A certificate may carry hundreds of names; those that matter are found in the first lines. */
const MAX_NAMES_LENGTH = 1000;

/** All sockets read into it: it is emptied before the callback returns. */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * A persistent connection to one kubelet, one request at a time, HTTP/1.1.
 *
 * Plain sockets and not node:https or node:http2, which cost several times as much per scrape at thousands of kubelets.
 * Environment variables for proxies have no effect, redirects are not followed.
 */
export class KubeletConnection {
  private socket: Socket | undefined;
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

  private get endpoint(): { readonly host: string; readonly port: number } {
    return { host: this.address.host, port: this.address.port };
  }

  /** Reads the answer into `reader`. Never rejects. */
  async get(path: string, reader: HttpResponseReader): Promise<RequestEnd> {
    if (this.closed) return 'cancelled';
    if (this.busy) throw new Error(`a request to ${this.address.hostPort} is under way`);
    return new Promise(end => {
      const { clock, requestTimeoutMs } = this.options;
      const stopDeadline = clock.after(requestTimeoutMs, () => {
        this.finish(timeoutFailure(requestTimeoutMs, exchange.progress === 'sent' ? reader.progress : exchange.progress));
      });
      const exchange: Exchange = { path, reader, end, stopDeadline, request: '', reused: false, progress: 'reading credentials' };
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
      exchange.request = kubeletRequest(exchange.path, this.address.hostPort, credentials);
    } catch (error) {
      if (this.exchange === exchange) this.finish({ reason: 'unauthorized', message: `no credentials to show: ${connectionFailure(error).message}` });
      return;
    }
    if (this.exchange !== exchange) return;
    try {
      this.useContext(this.options.tls?.context(credentials.clientCertificate));
    } catch (error) {
      return this.finish({ reason: 'tls', message: `CA bundle or client certificate cannot be used: ${connectionFailure(error).message}` });
    }
    if (this.socket?.writable) {
      exchange.reused = true;
      this.send(this.socket);
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

  private send(socket: Socket): void {
    this.exchange!.progress = 'sent';
    socket.write(this.exchange!.request);
  }

  private connect(): void {
    this.exchange!.reused = false;
    this.exchange!.progress = 'connecting';
    this.drop();
    const onread = { buffer: sharedReadBuffer, callback: (bytes: number) => this.read(socket, bytes) };
    let socket: Socket;
    try {
      socket = this.options.tls ? this.connectTls(this.options.tls, onread) : connectTcp({ ...this.endpoint, onread });
    } catch (error) {
      return this.finish(connectionFailure(error));
    }
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('connect', () => {
      if (this.socket !== socket || !this.exchange) return;
      if (this.options.tls) this.exchange.progress = 'TLS handshake';
      else this.send(socket);
    });
    socket.on('error', error => this.broken(socket, error));
    socket.on('end', () => this.broken(socket));
    socket.on('close', () => this.broken(socket));
  }

  private connectTls(tls: KubeletTls, onread: { buffer: Buffer; callback: (bytes: number) => boolean }): Socket {
    const { host } = this.address;
    let verified = false;
    let early: Buffer | undefined;
    const socket = connectTls({
      ...this.endpoint,
      servername: isIP(host) ? '' : host,
      ALPNProtocols: ['http/1.1'],
      secureContext: this.context,
      session: this.session,
      rejectUnauthorized: tls.rejectUnauthorized,
      checkServerIdentity: (_, certificate) => verifyKubeletName(host, certificate),
      // Not in the type of tls.connect, which hands it to the socket as net.connect does.
      ...{ onread },
    });
    this.session = undefined;
    this.noteCertificate(socket);
    socket.on('session', session => {
      if (verified) this.session = session;
      else early = session;
    });
    socket.on('secureConnect', () => {
      verified = true;
      this.session = early;
      // The token must not leave before the kubelet is verified, which is now.
      if (this.socket === socket && this.exchange) this.send(socket);
    });
    return socket;
  }

  /** A certificate that is refused is gone by the time the error is told; when keys are made, it is there. */
  private noteCertificate(socket: TLSSocket): void {
    this.offeredNames = undefined;
    socket.on('keylog', () => {
      if (this.offeredNames !== undefined) return;
      const { subject, subjectaltname } = socket.getPeerCertificate() ?? {};
      if (subject) this.offeredNames = printable(subjectaltname ?? `none (common name ${JSON.stringify(subject.CN ?? '')})`, MAX_NAMES_LENGTH);
    });
  }

  private read(socket: Socket, bytes: number): boolean {
    if (this.socket !== socket) return true;
    const exchange = this.exchange;
    if (!exchange || exchange.progress !== 'sent') {
      this.drop();
      return true;
    }
    try {
      exchange.reader.push(sharedReadBuffer.subarray(0, bytes));
      if (exchange.reader.done) this.finish('answered');
    } catch (error) {
      this.finish(connectionFailure(error));
    }
    return true;
  }

  /** The socket can no longer be used; `error` is absent when the kubelet closed it. */
  private broken(socket: Socket, error?: Error): void {
    if (this.socket !== socket) return;
    this.drop();
    const exchange = this.exchange;
    if (!exchange) return;
    if (exchange.reused && !exchange.reader.begun) return this.connect();
    if (error) return this.finish(connectionFailure(error));
    try {
      exchange.reader.end();
      this.finish('answered');
    } catch (cut) {
      this.finish(connectionFailure(cut));
    }
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
