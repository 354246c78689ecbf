import { SeLinuxOptions } from './se-linux-options';
import { SecurityProfile } from './security-profile';

/** Linux capabilities, without their prefix `CAP_`. */
export interface Capabilities {
  /**
   * Capabilities that the container gets, such as `NET_BIND_SERVICE`.
   *
   * @default - none
   */
  readonly add?: string[];
  /**
   * Capabilities that the container loses, or `ALL`.
   *
   * @default ALL
   */
  readonly drop?: string[];
}

/**
 * What a container may do on its node. What is left out stays as in the restricted Pod Security Standard, with a read-only root; with
 * metrics-server v0.3, whose image needs more, as Kubernetes has it.
 */
export interface ContainerSecurityContext {
  /**
   * Whether a process may get more rights than its parent. Beside `privileged` it has to be true.
   *
   * @default false
   */
  readonly allowPrivilegeEscalation?: boolean;
  /**
   * Capabilities. Each of `add` and `drop` that is given replaces the default one.
   *
   * @default - all are dropped
   */
  readonly capabilities?: Capabilities;
  /**
   * Whether processes are root on the node in all but name.
   *
   * @default - false, left to Kubernetes
   */
  readonly privileged?: boolean;
  /**
   * Whether the root file system is read-only.
   *
   * @default true
   */
  readonly readOnlyRootFilesystem?: boolean;
  /**
   * Whether the kubelet refuses to start the container as root.
   *
   * @default true
   */
  readonly runAsNonRoot?: boolean;
  /**
   * User ID of the processes, from 0 to 2147483647.
   *
   * @default 1000
   */
  readonly runAsUser?: number;
  /**
   * Group ID of the processes, from 0 to 2147483647.
   *
   * @default - the image's own
   */
  readonly runAsGroup?: number;
  /**
   * Which system calls are possible.
   *
   * @default SecurityProfile.runtimeDefault()
   */
  readonly seccompProfile?: SecurityProfile;
  /**
   * Which accesses AppArmor lets pass. From Kubernetes 1.30.
   *
   * @default - as the node has it
   */
  readonly appArmorProfile?: SecurityProfile;
  /**
   * SELinux label of the container.
   *
   * @default - the container runtime chooses
   */
  readonly seLinuxOptions?: SeLinuxOptions;
}
