import { Socket } from 'node:net';
import { FRONT_PROXY, Owner } from './owner';

/** As k8s.io/apiserver. */
const DEFAULT_MAX = 100;

/** Of any other client. A stream takes 20 KB, whatever is asked for, and who asks directly, as Prometheus does, asks for little at once. */
const FEW = 5;

/** More than the API servers of a cluster that connect in the same moment. */
const MAX_PRESUMED = 5;

/** How many streams a client of HTTP/2 may have at the same time: kube-apiserver, which asks for everybody, many, and everybody else a few. */
export class StreamLimit {
  private readonly frontProxies = new WeakSet<Socket>();
  /** May be kube-apiserver's, and have what it has. */
  private readonly presumed = new Set<Socket>();

  constructor(private readonly max = DEFAULT_MAX) {}

  /** What a new connection may have. kube-apiserver shows a certificate, and asks for many as soon as it is connected. */
  ofNew(socket: Socket, showsCertificate: boolean): number {
    return showsCertificate && this.presume(socket) ? this.max : Math.min(FEW, this.max);
  }

  /** What it may have from now on, if that is more. */
  raisedFor(socket: Socket, owner: Owner): number | undefined {
    if (owner !== FRONT_PROXY || this.frontProxies.has(socket)) return undefined;
    this.frontProxies.add(socket);
    return this.presumed.delete(socket) ? undefined : this.max;
  }

  private presume(socket: Socket): boolean {
    if (this.presumed.size >= MAX_PRESUMED || socket.destroyed) return false;
    this.presumed.add(socket);
    socket.once('close', () => this.presumed.delete(socket));
    return true;
  }
}
