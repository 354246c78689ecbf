import { Owner } from './owner';
import { Clock, Stop } from '../clock';

/** As k8s.io/apiserver. A PING does not count, so that it is also the time that the headers of an HTTP/2 request have. */
export const IDLE_TIMEOUT_MS = 90_000;

/** What was said last has so long to get out. */
export const GRACE_MS = 5_000;

/** What the ends of HTTP/1.1 and HTTP/2 connections have in common. */
export interface Transport {
  /** Tells the client to ask elsewhere from now on, where the protocol can say so at any time. */
  announceEnd(): void;
  /** Ends what has no request under way. */
  close(): void;
  /** Ends everything at once. */
  destroy(): void;
}

/** Who has to know what a connection is worth. */
export interface ConnectionUse {
  /** A request has begun, or the last answer is complete. */
  used(owesAnswer: boolean): void;
  /** A request was authenticated, or the client has proven to be kube-apiserver. */
  recognized(owner: Owner): void;
}

/** A connection and its requests under way: ends when it is not used, and gracefully when told to. */
export class Connection {
  /** What ends each. */
  private readonly requests = new Set<Stop>();
  /** Of these, those whose answers are not complete. */
  private readonly unanswered = new Set<Stop>();
  private wasAsked = false;
  private ending = false;
  private gone = false;
  private stopTimer: Stop | undefined;

  constructor(private readonly transport: Transport, private readonly clock: Clock, private readonly use: ConnectionUse) {
    this.awaitRequest();
  }

  get isBusy(): boolean {
    return this.requests.size > 0;
  }

  get requestsUnderWay(): number {
    return this.requests.size;
  }

  get isEnding(): boolean {
    return this.ending;
  }

  /** Returns what ends the request: once, with the connection at the latest. */
  requestBegun(onEnd: () => void = () => {}): Stop {
    const end = () => {
      if (!this.requests.delete(end)) return;
      onEnd();
      this.answered(end);
      if (!this.isBusy && !this.gone) this.awaitRequest();
    };
    this.requests.add(end);
    this.unanswered.add(end);
    this.wasAsked = true;
    this.stopTimer?.();
    this.use.used(true);
    return end;
  }

  /** The request that this would end is answered on our side; whether the client reads that is another matter. */
  answered(end: Stop): void {
    if (this.unanswered.delete(end) && this.unanswered.size === 0 && !this.gone) this.use.used(false);
  }

  /**
   * Requests under way are answered, and so is the first of a client that has just connected: it may have been sent, and HTTP/1.1
   * can say only in an answer that the client shall come back.
   */
  end(): void {
    this.announceEnd();
    if (this.isBusy) return;
    if (this.wasAsked) this.close();
    else this.closeAfter(GRACE_MS);
  }

  /** Whoever asks on it is somebody. */
  recognized(owner: Owner): void {
    this.use.recognized(owner);
  }

  /** The transport is no more. Of requests of HTTP/1.1 that wait for those before them, Node.js 20 does not say that they end. */
  closed(): void {
    this.gone = true;
    this.stopTimer?.();
    this.requests.forEach((end) => end());
  }

  private awaitRequest(): void {
    if (this.ending) this.close();
    else this.closeAfter(IDLE_TIMEOUT_MS);
  }

  private closeAfter(ms: number): void {
    this.stopTimer?.();
    this.stopTimer = this.clock.after(ms, () => {
      this.announceEnd();
      this.close();
    });
  }

  private announceEnd(): void {
    this.ending = true;
    this.transport.announceEnd();
  }

  /** A client that does not take note is cut off. */
  private close(): void {
    this.stopTimer?.();
    this.stopTimer = this.clock.after(GRACE_MS, () => this.transport.destroy());
    this.transport.close();
  }
}
