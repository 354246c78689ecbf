import { Socket } from 'node:net';

/**
 * Far more than API servers, kubelets and scrapers of metrics open, and few enough to hold in memory: one of HTTP/2 takes 70 KB and more, and what
 * so many have taken stays with the process (docs/performance.md).
 */
export const MAX_CONNECTIONS = 128;

/** Of so many places, one is for strangers alone. */
const STRANGERS_SHARE = 8;

/**
 * Keeps connections few. Refusing newcomers would let whoever opens connections keep out probes and kube-apiserver; so one goes that is there
 * already: the oldest stranger, if possible one that awaits no answer. Known clients leave some places to strangers, which probes are: when theirs are
 * taken, the connection goes that is unused for longest, and where all await answers, who comes next stays a stranger.
 */
export class ConnectionRoom {
  /** Whether they owe an answer: connections on which no request was authenticated yet, in the order of opening, which asking does not change. */
  private readonly strangers = new Map<Socket, boolean>();
  /** The same of all others, in the order of their last use. */
  private readonly known = new Map<Socket, boolean>();
  private readonly maxKnown: number;

  constructor(private readonly max: number, private readonly onClosed: () => void) {
    this.maxKnown = max - Math.ceil(max / STRANGERS_SHARE);
  }

  opened(socket: Socket): void {
    if (this.strangers.size + this.known.size >= this.max) this.closeStranger();
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
    if (owesAnswer === undefined || !this.makeRoomForKnown()) return;
    this.strangers.delete(socket);
    this.known.set(socket, owesAnswer);
  }

  private closeStranger(): void {
    const [oldest] = this.strangers.keys();
    this.close(firstWithoutDebt(this.strangers) ?? oldest);
  }

  /** Says whether there is some. */
  private makeRoomForKnown(): boolean {
    if (this.known.size < this.maxKnown) return true;
    const unused = firstWithoutDebt(this.known);
    if (unused) this.close(unused);
    return unused !== undefined;
  }

  /** It is gone at once; its event comes later. */
  private close(socket: Socket): void {
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
