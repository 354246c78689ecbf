import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = '/sys/fs/cgroup';
const UNIFIED = existsSync(join(ROOT, 'cgroup.controllers'));

/** What the kernel says of one container. */
export class Cgroup {
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

  private field(controller: string, file: string, name: string): number {
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(this.read(controller, file))![1]);
  }

  private read(controller: string, file: string): string {
    return readFileSync(join(hierarchy(controller), this.path, file), 'utf8');
  }
}

/** Finds cgroups of containers below that of this node. */
export class ContainerCgroups {
  /** The whole node: what the kubelet calls so is the whole machine. */
  public static node(): Cgroup {
    return new Cgroup('');
  }

  private readonly node = process.env.NODE_CGROUP!;

  public of(containerId: string): Cgroup {
    const below = readdirSync(join(hierarchy('memory'), this.node), { recursive: true, encoding: 'utf8' });
    const path = below.find((one) => one.endsWith(`/${containerId}`));
    if (path === undefined) throw new Error(`no cgroup of container ${containerId}`);
    return new Cgroup(join(this.node, path));
  }
}

function hierarchy(controller: string): string {
  return UNIFIED ? ROOT : join(ROOT, controller);
}
