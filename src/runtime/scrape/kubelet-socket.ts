import { Socket, connect as connectTcp, isIP } from 'node:net';
import { SecureContext, TLSSocket, connect as connectTls } from 'node:tls';
import { KubeletAddress } from './kubelet-address';
import { verifyKubeletName } from './kubelet-tls';
import { printable } from './printable';
import { Proxy } from './proxy-environment';
import { openTunnel } from './proxy-tunnel';

export interface KubeletSocketOptions {
  readonly address: KubeletAddress;
  /** On the way to it. */
  readonly proxy: Proxy | undefined;
  /** Plain when undefined. */
  readonly tls: KubeletSocketTls | undefined;
}

export interface KubeletSocketTls {
  readonly context: SecureContext | undefined;
  /** To resume. */
  readonly session: Buffer | undefined;
  readonly rejectUnauthorized: boolean;
  /** The certificate must be for one of them. */
  readonly serverNames: () => readonly string[];
}

/** What happens on the socket, until it is destroyed. */
export interface KubeletSocketEvents {
  /** TLS begins. */
  connected(): void;
  /** A certificate is shown, which may be refused; its names, for a person. */
  certificate(names: string): void;
  /** The other side is who it should be: now, and not before, something may be written. */
  ready(): void;
  /** Of a connection that is verified. */
  session(session: Buffer): void;
  /** The first `length` bytes, which are overwritten by the next ones. */
  received(bytes: Buffer, length: number): void;
  /** The socket can no longer be used; `error` is absent when the kubelet closed it. Perhaps more than once. */
  broken(error?: Error): void;
}

/** A certificate may carry hundreds of names; those that matter are found in the first lines. */
const MAX_NAMES_LENGTH = 1000;

/** All sockets read into it: it is emptied before the callback returns. */
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** One TCP connection, with TLS or without, straight or through a proxy. */
export class KubeletSocket {
  private readonly events: KubeletSocketEvents;
  private socket: Socket;
  private destroyed = false;

  /** @throws Error when there can be no such connection, for its port is none */
  constructor(private readonly options: KubeletSocketOptions, events: KubeletSocketEvents) {
    this.events = this.untilDestroyed(events);
    const { tls, proxy, address: { hostPort } } = options;
    if (proxy) this.socket = openTunnel(proxy, hostPort, (error) => this.leaveTunnel(error));
    else this.socket = this.listen(tls ? this.connectTls(tls) : connectTcp({ ...this.endpoint, onread: this.onread }));
  }

  get usable(): boolean {
    return this.socket.writable;
  }

  private get endpoint(): { readonly host: string; readonly port: number } {
    return { host: this.options.address.host, port: this.options.address.port };
  }

  private get onread(): { buffer: Buffer; callback: (bytes: number) => boolean } {
    const callback = (length: number): boolean => {
      this.events.received(sharedReadBuffer, length);
      return true;
    };
    return { buffer: sharedReadBuffer, callback };
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  destroy(): void {
    this.destroyed = true;
    this.socket.destroy();
  }

  private untilDestroyed(events: KubeletSocketEvents): KubeletSocketEvents {
    const unless = <A extends unknown[]>(event: (...args: A) => void) => (...args: A) => { if (!this.destroyed) event(...args); };
    return {
      connected: unless(() => events.connected()),
      certificate: unless((names) => events.certificate(names)),
      ready: unless(() => events.ready()),
      session: unless((session) => events.session(session)),
      received: (bytes, length) => { if (!this.destroyed) events.received(bytes, length); },
      broken: unless((error) => events.broken(error)),
    };
  }

  private leaveTunnel(error: Error | undefined): void {
    if (error) return this.events.broken(error);
    const tunnel = this.socket;
    const { tls } = this.options;
    this.socket = this.listen(tls ? this.connectTls(tls, tunnel) : tunnel);
    this.socket.on('data', (chunk) => this.events.received(chunk, chunk.length)).on('close', () => tunnel.destroy());
    this.events.connected();
    if (!tls) this.events.ready();
  }

  private listen(socket: Socket): Socket {
    socket.setNoDelay(true);
    socket.on('connect', () => {
      this.events.connected();
      if (!this.options.tls) this.events.ready();
    });
    socket.on('error', (error) => this.events.broken(error));
    socket.on('end', () => this.events.broken());
    socket.on('close', () => this.events.broken());
    return socket;
  }

  private connectTls({ context, session, rejectUnauthorized, serverNames }: KubeletSocketTls, tunnel?: Socket): Socket {
    const { host } = this.options.address;
    let verified = false;
    let early: Buffer | undefined;
    const socket = connectTls({
      // `onread` is not in the type of tls.connect, which hands it to the socket as net.connect does.
      ...tunnel ? { socket: tunnel } : { ...this.endpoint, onread: this.onread },
      servername: isIP(host) ? '' : host,
      ALPNProtocols: ['http/1.1'],
      secureContext: context,
      session,
      rejectUnauthorized,
      checkServerIdentity: (_, certificate) => verifyKubeletName(serverNames(), certificate),
    });
    this.noteCertificate(socket);
    socket.on('session', (fresh) => {
      if (verified) this.events.session(fresh);
      else early = fresh;
    });
    socket.on('secureConnect', () => {
      verified = true;
      if (early) this.events.session(early);
      this.events.ready();
    });
    return socket;
  }

  /** A certificate that is refused is gone by the time the error is told; when keys are made, it is there. */
  private noteCertificate(socket: TLSSocket): void {
    let noted = false;
    socket.on('keylog', () => {
      if (noted) return;
      const { subject, subjectaltname } = socket.getPeerCertificate() ?? {};
      if (!subject) return;
      noted = true;
      this.events.certificate(printable(subjectaltname ?? `none (common name ${JSON.stringify(subject.CN ?? '')})`, MAX_NAMES_LENGTH));
    });
  }
}
