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

/** A connection and the number of its requests under way: ends when it is not used, and gracefully when told to. */
export class Connection {
  private requests = 0;
  private wasAsked = false;
  private ending = false;
  private gone = false;
  private stopTimer: Stop | undefined;

  constructor(private readonly transport: Transport, private readonly clock: Clock, private readonly onUse: (isBusy: boolean) => void = () => {}) {
    this.awaitRequest();
  }

  get isBusy(): boolean {
    return this.requests > 0;
  }

  get requestsUnderWay(): number {
    return this.requests;
  }

  get isEnding(): boolean {
    return this.ending;
  }

  requestBegun(): void {
    this.requests++;
    this.wasAsked = true;
    this.stopTimer?.();
    this.onUse(true);
  }

  requestEnded(): void {
    this.requests--;
    if (this.isBusy || this.gone) return;
    this.onUse(false);
    this.awaitRequest();
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

  /** The transport is no more. Its requests may end after it. */
  closed(): void {
    this.gone = true;
    this.stopTimer?.();
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
