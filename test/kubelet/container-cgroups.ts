import { readdirSync } from 'fs';
import { join } from 'path';
import { Cgroup, cgroupHierarchy } from '../cgroups/cgroup';

/** Finds cgroups of containers below that of this node. */
export class ContainerCgroups {
  /** The whole node: what the kubelet calls so is the whole machine. */
  public static node(): Cgroup {
    return new Cgroup('');
  }

  private readonly node = process.env.NODE_CGROUP!;

  public of(containerId: string): Cgroup {
    const below = readdirSync(join(cgroupHierarchy('memory'), this.node), { recursive: true, encoding: 'utf8' });
    const path = below.find((one) => one.endsWith(`/${containerId}`));
    if (path === undefined) throw new Error(`no cgroup of container ${containerId}`);
    return new Cgroup(join(this.node, path));
  }
}
