import { Socket } from 'node:net';
import { FRONT_PROXY, Owner } from './owner';

/**
 * Far more than API servers, kubelets and scrapers of metrics open, and few enough to hold in memory: one of HTTP/2 takes 70 KB and more, and what
 * so many have taken stays with the process (docs/performance.md).
 */
export const MAX_CONNECTIONS = 128;

/** Of so many places one is for strangers alone, and one for kube-apiserver. */
const OWN_SHARE = 8;

interface Known {
  readonly owner: Owner;
  readonly owesAnswer: boolean;
}

/**
 * Keeps connections few. Refusing newcomers would let whoever opens connections keep out probes and kube-apiserver; so one goes that is there
 * already: the oldest stranger, if possible one that awaits no answer. Known clients leave some places to strangers, which probes are, and users
 * some to kube-apiserver, whose connections, with the requests of everybody, are never closed for room. When theirs are taken, one goes of a user who has as many
 * at least as who comes: what is unused for longest, otherwise one of whoever has most. Where there is none, who comes next stays a stranger.
 */
export class ConnectionRoom {
  /** Whether they owe an answer: connections on which no request was authenticated yet, in the order of opening, which asking does not change. */
  private readonly strangers = new Map<Socket, boolean>();
  /** All others, in the order of their last use. */
  private readonly known = new Map<Socket, Known>();
  private readonly ownPlaces: number;

  constructor(private readonly max: number, private readonly onClosed: () => void) {
    this.ownPlaces = Math.ceil(max / OWN_SHARE);
  }

  opened(socket: Socket): void {
    if (this.strangers.size + this.known.size >= this.max) this.closeStranger();
    this.strangers.set(socket, false);
    socket.once('close', () => this.forget(socket));
  }

  /** A request has begun on it, or the last answer is complete. */
  used(socket: Socket, owesAnswer: boolean): void {
    const known = this.known.get(socket);
    if (this.strangers.has(socket)) this.strangers.set(socket, owesAnswer);
    if (!known) return;
    this.known.delete(socket);
    this.known.set(socket, { ...known, owesAnswer });
  }

  /** A request on it was authenticated, or its client has proven to be kube-apiserver. */
  recognized(socket: Socket, owner: Owner): void {
    const owesAnswer = this.strangers.get(socket);
    if (owesAnswer === undefined || !this.makeRoomFor(owner)) return;
    this.strangers.delete(socket);
    this.known.set(socket, { owner, owesAnswer });
  }

  private closeStranger(): void {
    const [oldest] = this.strangers.keys();
    this.close(firstWithoutDebt(this.strangers) ?? oldest);
  }

  /** Says whether there is some. */
  private makeRoomFor(owner: Owner): boolean {
    const users = [...this.known].filter(([, known]) => known.owner !== FRONT_PROXY);
    const areTaken = this.known.size >= this.max - this.ownPlaces;
    const areTakenByUsers = users.length >= this.max - 2 * this.ownPlaces;
    if (!areTaken && (owner === FRONT_PROXY || !areTakenByUsers)) return true;
    const leaving = whoMakesRoom(users, owner);
    if (leaving) this.close(leaving);
    return leaving !== undefined;
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

/** Those who have more give to those who have less, and each to himself. */
function whoMakesRoom(users: readonly (readonly [Socket, Known])[], owner: Owner): Socket | undefined {
  const counts = new Map<Owner, number>();
  for (const [, known] of users) counts.set(known.owner, (counts.get(known.owner) ?? 0) + 1);
  const own = counts.get(owner) ?? 0;
  const most = Math.max(...counts.values());
  const unused = users.find(([, known]) => !known.owesAnswer && counts.get(known.owner)! >= own);
  const ofWhoHasMost = most > own + 1 ? users.find(([, known]) => counts.get(known.owner) === most) : undefined;
  return (unused ?? ofWhoHasMost)?.[0];
}
