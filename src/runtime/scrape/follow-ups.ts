import { Clock, Stop } from '../clock';

/** Kubelets look at a container every 10 s at most: sooner there is nothing new to ask for. */
const DELAY_MS = 10_000;
/** Those that fall due within a moment are due together: a few wake-ups cost less than one for each. */
const GATHER_MS = 250;
/** Nobody waits longer for the next cycle than for a follow-up. */
export const NEEDED_ABOVE_MS = 12_000;

/** Things that are to be seen to once more, a little later. */
export class FollowUps<T> {
  private gathering: { readonly untilMs: number; readonly things: T[] } | undefined;
  private readonly timers = new Set<Stop>();

  constructor(private readonly clock: Clock, private readonly run: (things: readonly T[]) => void) {}

  add(thing: T): void {
    const nowMs = this.clock.monotonic();
    if (this.gathering === undefined || nowMs > this.gathering.untilMs) {
      const things: T[] = [];
      this.gathering = { untilMs: nowMs + GATHER_MS, things };
      const stop = this.clock.after(DELAY_MS + GATHER_MS, () => {
        this.timers.delete(stop);
        this.run(things);
      });
      this.timers.add(stop);
    }
    this.gathering.things.push(thing);
  }

  stop(): void {
    for (const stop of this.timers) stop();
    this.timers.clear();
    this.gathering = undefined;
  }
}
