import { Cgroup } from '../cgroups/cgroup';

interface Reading {
  readonly atMs: number;
  readonly cpuSeconds: number;
  readonly workingSetBytes: number;
}

const INTERVAL_MS = 200;

/** Reads a cgroup again and again, to say what it used between any two moments. */
export class CgroupReadings {
  private readonly readings: Reading[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly cgroup: Cgroup) {
    this.read();
    this.timer = setInterval(() => this.read(), INTERVAL_MS);
  }

  /** Cores in use on average, or undefined if it was not read for the whole time. */
  public cores(fromMs: number, toMs: number): number | undefined {
    if (fromMs < this.readings[0].atMs || toMs > this.readings.at(-1)!.atMs) return undefined;
    return (this.cpuSecondsAt(toMs) - this.cpuSecondsAt(fromMs)) / (toMs - fromMs) * 1000;
  }

  public workingSetBytes(atMs: number): number {
    return (this.readings.find((reading) => reading.atMs >= atMs) ?? this.readings.at(-1)!).workingSetBytes;
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  private cpuSecondsAt(atMs: number): number {
    const next = this.readings.findIndex((reading) => reading.atMs >= atMs);
    const [before, after] = [this.readings[Math.max(0, next - 1)], this.readings[next]];
    const share = after === before ? 0 : (atMs - before.atMs) / (after.atMs - before.atMs);
    return before.cpuSeconds + share * (after.cpuSeconds - before.cpuSeconds);
  }

  private read(): void {
    try {
      const { cpuSeconds, workingSetBytes } = this.cgroup;
      this.readings.push({ atMs: Date.now(), cpuSeconds, workingSetBytes });
    } catch {
      // Its container has ended.
      this.stop();
    }
  }
}
