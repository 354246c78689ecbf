import { ContainerSample, NodeSample } from './pages';
import { ClockReading, readClock } from '../../../src/runtime/scrape/clock-reading';

const HOUSEKEEPING_MS = 10_000;

/** What a container uses, steadily: over whatever period, the average is the same. */
export interface Load {
  readonly name: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

interface Running extends Load {
  startedMs: number;
  /** When its counter last began at zero. */
  countsFromMs: number;
  nextLookMs: number;
  look?: { readonly timestampMs: number; readonly cpuSeconds: number };
}

/** A node with steady loads, and with a clock, counters and a kubelet that are not. Times are real; what it writes is by its own clock. */
export class UnsteadyNode {
  readonly looks = new Set<number>();
  clockMs = 0;
  suspended = false;
  private readonly running: Running[];
  private nowMs: number;

  /** `random` says when the kubelet looks: every 10 s to 20 s. */
  constructor(private readonly random: () => number, own: Load, loads: readonly Load[], nowMs: number) {
    this.nowMs = nowMs;
    const begunMs = nowMs - 30 * 86_400_000;
    this.running = [own, ...loads].map(load => ({ ...load, startedMs: begunMs, countsFromMs: begunMs, nextLookMs: nowMs - HOUSEKEEPING_MS }));
    this.advanceTo(nowMs);
  }

  advanceTo(nowMs: number): void {
    this.nowMs = nowMs;
    for (const thing of this.running) {
      while (thing.nextLookMs <= nowMs) {
        const timestampMs = Math.round(thing.nextLookMs + this.clockMs);
        if (!this.suspended) {
          thing.look = { timestampMs, cpuSeconds: Math.max(0, thing.nextLookMs - thing.countsFromMs) / 1000 * thing.cores };
          this.looks.add(timestampMs);
        }
        thing.nextLookMs += Math.round(HOUSEKEEPING_MS * (1 + this.random()));
      }
    }
  }

  restart(name: string): void {
    const container = this.running.find(thing => thing.name === name)!;
    container.startedMs = this.nowMs + this.clockMs;
    container.countsFromMs = container.nextLookMs = this.nowMs;
    container.look = undefined;
  }

  resetCounters(): void {
    for (const thing of this.running) thing.countsFromMs = this.nowMs;
  }

  /** Of an answer that is given now, in no time. */
  clockReading(monotonicMs: number): ClockReading {
    return readClock(Date.parse(new Date(this.nowMs + this.clockMs).toUTCString()), monotonicMs, monotonicMs)!;
  }

  node(): NodeSample | undefined {
    const { look, memoryBytes } = this.running[0];
    return look && { ...look, memoryBytes };
  }

  containers(): ContainerSample[] {
    return this.running.slice(1).map(({ name, memoryBytes, startedMs, look }) => ({
      pod: 'web', container: name, startSeconds: startedMs / 1000, timestampMs: look?.timestampMs ?? 0, ...look && { ...look, memoryBytes },
    }));
  }
}
