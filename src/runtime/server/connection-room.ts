import { Socket } from 'node:net';

/**
 * Far more than API servers, kubelets and scrapers of metrics open, and few enough to hold in memory: an encrypted one takes 50 KB, and what
 * so many have taken stays with the process.
 */
export const MAX_CONNECTIONS = 256;

/**
 * Keeps connections few. Refusing newcomers would let whoever opens connections keep out probes and kube-apiserver; so one goes that is there
 * already: the oldest on which nothing was ever asked, else the one unused for longest. None with a request under way does.
 */
export class ConnectionRoom {
  /** In the order of opening. */
  private readonly unasked = new Set<Socket>();
  /** In the order of their last requests. */
  private readonly idle = new Set<Socket>();
  private readonly busy = new Set<Socket>();

  constructor(private readonly max: number, private readonly onClosed: () => void) {}

  opened(socket: Socket): void {
    if (this.unasked.size + this.idle.size + this.busy.size >= this.max) this.makeRoom(socket);
    if (socket.destroyed) return;
    this.unasked.add(socket);
    socket.once('close', () => [this.unasked, this.idle, this.busy].forEach((sockets) => sockets.delete(socket)));
  }

  /** A request has begun on it, or the last one has ended. */
  used(socket: Socket, isBusy: boolean): void {
    if (socket.destroyed) return;
    [this.unasked, this.idle, this.busy].forEach((sockets) => sockets.delete(socket));
    (isBusy ? this.busy : this.idle).add(socket);
  }

  private makeRoom(newcomer: Socket): void {
    const socket: Socket = this.unasked.values().next().value ?? this.idle.values().next().value ?? newcomer;
    // It is gone at once; its event comes later.
    [this.unasked, this.idle].forEach((sockets) => sockets.delete(socket));
    socket.destroy();
    this.onClosed();
  }
}
