import { ServerResponse } from 'node:http';
import { GRACE_MS } from './connection';
import { cutOff } from './cut-off';
import { Clock, Stop } from '../clock';

/** By when an answer has to be sent, also to a client that does not read it: whoever is late is cut off. */
export class SendDeadline {
  private stopTimer: Stop | undefined;
  private isOver = false;

  constructor(private readonly response: ServerResponse, private readonly clock: Clock, private readonly timeoutMs: number) {
    this.renew();
  }

  /** The answer has its time from now, and a little more to get out. */
  renew(): void {
    this.cutOffAfter(this.timeoutMs + GRACE_MS);
  }

  /** For a request that may take as long as it likes. */
  lift(): void {
    this.stopTimer?.();
  }

  /** What is left is in buffers: no reason to wait for a client as long as for an answer. */
  answered(): void {
    this.cutOffAfter(GRACE_MS);
  }

  /** The request is over, one way or another. */
  end(): void {
    this.isOver = true;
    this.stopTimer?.();
  }

  private cutOffAfter(ms: number): void {
    this.stopTimer?.();
    if (!this.isOver) this.stopTimer = this.clock.after(ms, () => cutOff(this.response));
  }
}
