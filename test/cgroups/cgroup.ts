import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';

const ROOT = '/sys/fs/cgroup';
const UNIFIED = existsSync(join(ROOT, 'cgroup.controllers'));

/** What the kernel says of some processes together, those of a container for one. */
export class Cgroup {
  /** One of memory alone, below one that `test/cgroups/parent` has made. */
  public static ofMemory(path: string): Cgroup {
    if (UNIFIED) writeFileSync(join(ROOT, dirname(path), 'cgroup.subtree_control'), '+memory');
    mkdirSync(join(cgroupHierarchy('memory'), path));
    return new Cgroup(path);
  }

  constructor(private readonly path: string) {}

  public get processes(): number[] {
    return this.read('memory', 'cgroup.procs').trim().split('\n').map(Number);
  }

  /** CPU time used since it was made, in seconds. */
  public get cpuSeconds(): number {
    return UNIFIED ? this.field('cpu', 'cpu.stat', 'usage_usec') / 1e6 : Number(this.read('cpuacct', 'cpuacct.usage')) / 1e9;
  }

  /** What cannot be taken from it without swapping: usage but for pages of files that were not used lately. */
  public get workingSetBytes(): number {
    return UNIFIED
      ? Number(this.read('memory', 'memory.current')) - this.field('memory', 'memory.stat', 'inactive_file')
      : Number(this.read('memory', 'memory.usage_in_bytes')) - this.field('memory', 'memory.stat', 'total_inactive_file');
  }

  /** The command, as one that begins in here: what a process has before it comes counts where it was. */
  public of(command: readonly string[]): string[] {
    return ['sh', '-c', 'echo 0 >"$0" && exec "$@"', join(cgroupHierarchy('memory'), this.path, 'cgroup.procs'), ...command];
  }

  /** Its processes have ended. */
  public remove(): void {
    rmdirSync(join(cgroupHierarchy('memory'), this.path));
  }

  private field(controller: string, file: string, name: string): number {
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(this.read(controller, file))![1]);
  }

  private read(controller: string, file: string): string {
    return readFileSync(join(cgroupHierarchy(controller), this.path, file), 'utf8');
  }
}

export function cgroupHierarchy(controller: string): string {
  return UNIFIED ? ROOT : join(ROOT, controller);
}
