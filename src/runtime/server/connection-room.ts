import { Socket } from 'node:net';

/**
 * Far more than API servers, kubelets and scrapers of metrics open, and few enough to hold in memory: an encrypted one takes 50 KB, and what
 * so many have taken stays with the process.
 */
export const MAX_CONNECTIONS = 256;

/**
 * Keeps connections few. Refusing newcomers would let whoever opens connections keep out probes and kube-apiserver; so one goes that is there
 * already: the oldest stranger, or else the connection of a known client that is unused for longest. One that still owes an answer goes only if
 * it is a stranger's and all strangers' do.
 */
export class ConnectionRoom {
  /** Whether they owe an answer: connections on which no request was authenticated yet, in the order of opening, which asking does not change. */
  private readonly strangers = new Map<Socket, boolean>();
  /** The same of all others, in the order of their last use. */
  private readonly known = new Map<Socket, boolean>();

  constructor(private readonly max: number, private readonly onClosed: () => void) {}

  opened(socket: Socket): void {
    if (this.strangers.size + this.known.size >= this.max) this.makeRoom(socket);
    if (socket.destroyed) return;
    this.strangers.set(socket, false);
    socket.once('close', () => this.forget(socket));
  }

  /** A request has begun on it, or the last answer is complete. */
  used(socket: Socket, owesAnswer: boolean): void {
    if (this.strangers.has(socket)) this.strangers.set(socket, owesAnswer);
    else if (this.known.delete(socket)) this.known.set(socket, owesAnswer);
  }

  /** A request on it was authenticated. */
  recognized(socket: Socket): void {
    const owesAnswer = this.strangers.get(socket);
    if (owesAnswer === undefined) return;
    this.strangers.delete(socket);
    this.known.set(socket, owesAnswer);
  }

  private makeRoom(newcomer: Socket): void {
    const [oldestStranger] = this.strangers.keys();
    const socket = firstWithoutDebt(this.strangers) ?? oldestStranger ?? firstWithoutDebt(this.known) ?? newcomer;
    // It is gone at once; its event comes later.
    this.forget(socket);
    socket.destroy();
    this.onClosed();
  }

  private forget(socket: Socket): void {
    this.strangers.delete(socket);
    this.known.delete(socket);
  }
}

function firstWithoutDebt(sockets: ReadonlyMap<Socket, boolean>): Socket | undefined {
  for (const [socket, owesAnswer] of sockets) if (!owesAnswer) return socket;
  return undefined;
}
