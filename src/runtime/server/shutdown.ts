import { Clock, Stop } from '../clock';

/** How often it is looked whether requests are under way; what they leave in buffers is sent by then. */
const CHECK_MS = 1000;

/** Asked for to the last: of probes and metrics, a shutdown would be news. */
const ALWAYS_SERVED = /^\/(?:livez|readyz|healthz|metrics)/;

/** How far a server is on its way out: /readyz fails at first; then, where that is asked for, what is new is refused until all else is answered. */
export class Shutdown {
  private begun = false;
  private refusing = false;
  /** Requests that would be refused now. Counted only where they may be. */
  private underWay = 0;

  constructor(private readonly sendsRetryAfter: boolean, private readonly clock: Clock) {}

  get hasBegun(): boolean {
    return this.begun;
  }

  begin(): void {
    this.begun = true;
  }

  /** Returns what ends the request. */
  requestBegun(url: string): Stop {
    if (!this.mayRefuse(url)) return () => {};
    this.underWay++;
    return () => this.underWay--;
  }

  /** Whether the client of a request is to come back later, and so to another replica. */
  refuses(url: string): boolean {
    return this.refusing && this.mayRefuse(url);
  }

  /** Refuses requests until none is under way any more, for so long at most. Returns what is left of that. */
  async refuse(leftMs: number): Promise<number> {
    this.refusing = true;
    if (this.underWay === 0 || leftMs <= 0) return leftMs;
    const pauseMs = Math.min(leftMs, CHECK_MS);
    await new Promise<void>((resolve) => this.clock.after(pauseMs, resolve));
    return this.refuse(leftMs - pauseMs);
  }

  private mayRefuse(url: string): boolean {
    return this.sendsRetryAfter && !ALWAYS_SERVED.test(url);
  }
}
