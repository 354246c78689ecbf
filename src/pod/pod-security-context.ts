import { SeLinuxOptions } from './se-linux-options';
import { SecurityProfile } from './security-profile';

/** When the group of a volume's files is changed to `fsGroup`. */
export enum FsGroupChangePolicy {
  /** When the root of the volume has another group. */
  ON_ROOT_MISMATCH = 'OnRootMismatch',
  /** Each time the volume is mounted. */
  ALWAYS = 'Always',
}

/** Which supplementary groups processes get. */
export enum SupplementalGroupsPolicy {
  /** Those given, and those that the image has for the user. */
  MERGE = 'Merge',
  /** Those given. */
  STRICT = 'Strict',
}

/** How volumes get the pod's SELinux label. */
export enum SeLinuxChangePolicy {
  /** The container runtime labels each file. */
  RECURSIVE = 'Recursive',
  /** The volume is mounted with the label, where that is possible. Needs a `clusterVersion` of 1.37 or newer. */
  MOUNT_OPTION = 'MountOption',
}

/** A kernel parameter of the pod. */
export interface Sysctl {
  /** Name, such as `net.ipv4.ip_unprivileged_port_start`. */
  readonly name: string;
  /** Value, as text. */
  readonly value: string;
}

/** What the containers of a pod may do on its node, where a container's own security context does not say otherwise. */
export interface PodSecurityContext {
  /**
   * Whether the kubelet refuses to start containers as root.
   *
   * @default - false, left to Kubernetes
   */
  readonly runAsNonRoot?: boolean;
  /**
   * User ID of the processes, from 0 to 2147483647.
   *
   * @default - the image's own
   */
  readonly runAsUser?: number;
  /**
   * Group ID of the processes, from 0 to 2147483647.
   *
   * @default - the image's own
   */
  readonly runAsGroup?: number;
  /**
   * Group ID of the files in volumes that support it, from 0 to 2147483647.
   *
   * @default - files keep theirs
   */
  readonly fsGroup?: number;
  /**
   * When that group is given to the files.
   *
   * @default - each time, left to Kubernetes
   */
  readonly fsGroupChangePolicy?: FsGroupChangePolicy;
  /**
   * Further group IDs of the processes, each from 0 to 2147483647.
   *
   * @default - none
   */
  readonly supplementalGroups?: number[];
  /**
   * Whether the image adds to those groups. From Kubernetes 1.33.
   *
   * @default - it does, left to Kubernetes
   */
  readonly supplementalGroupsPolicy?: SupplementalGroupsPolicy;
  /**
   * Which system calls are possible.
   *
   * @default - left to Kubernetes
   */
  readonly seccompProfile?: SecurityProfile;
  /**
   * Which accesses AppArmor lets pass. From Kubernetes 1.30.
   *
   * @default - as the node has it
   */
  readonly appArmorProfile?: SecurityProfile;
  /**
   * SELinux label of the containers.
   *
   * @default - the container runtime chooses
   */
  readonly seLinuxOptions?: SeLinuxOptions;
  /**
   * How volumes get that label. From Kubernetes 1.33.
   *
   * @default - left to Kubernetes
   */
  readonly seLinuxChangePolicy?: SeLinuxChangePolicy;
  /**
   * Kernel parameters. Not beside `hostNetwork` for those of the network.
   *
   * @default - none
   */
  readonly sysctls?: Sysctl[];
}
