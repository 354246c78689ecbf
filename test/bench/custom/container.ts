import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { basename, join, resolve } from 'path';
import { Cgroup } from '../../cgroups/cgroup';

/** The peak of a Go server that reads many series lasts for a second. */
const INTERVAL_MS = 100;

let made = 0;

/**
 * What a node counts of a program's memory: its own cgroup, which its executable's pages count for too. Those of a file that another process has
 * read would count there instead, so the program is run from a copy that nobody has read.
 */
export class Container {
  public readonly command: readonly string[];
  private readonly directory = mkdtempSync(resolve('build/container-'));
  private readonly cgroup = Cgroup.ofMemory(join(process.env.CONTAINERS_CGROUP!, String(made++)));
  private readonly timer: NodeJS.Timeout;
  private peak = 0;

  constructor([executable, ...args]: readonly string[]) {
    const copy = join(this.directory, basename(executable));
    execFileSync('cp', [executable, copy]);
    // Written to the disk, and out of memory.
    execFileSync('dd', [`of=${copy}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none']);
    this.command = this.cgroup.of([copy, ...args]);
    this.timer = setInterval(() => this.read(), INTERVAL_MS);
  }

  /** As the kubelet counts it, `kubectl top` shows it and limits hold it; the most that was seen so far. */
  public get peakWorkingSetBytes(): number {
    this.read();
    return this.peak;
  }

  /** The program has ended. */
  public remove(): void {
    clearInterval(this.timer);
    this.cgroup.remove();
    rmSync(this.directory, { recursive: true });
  }

  private read(): void {
    this.peak = Math.max(this.peak, this.cgroup.workingSetBytes);
  }
}
