/** How mounts made later, on the node or in the container, get to the other side. */
export enum MountPropagation {
  /** They do not. */
  NONE = 'None',
  /** From the node to the container. */
  HOST_TO_CONTAINER = 'HostToContainer',
  /** Both ways. Needs a privileged container. */
  BIDIRECTIONAL = 'Bidirectional',
}

/** Where and how a volume is mounted into the server's container. */
export interface VolumeMountOptions {
  /** Absolute path in the container, without `:`. Each path once. */
  readonly mountPath: string;
  /**
   * Whether the container cannot write.
   *
   * @default - false, left to Kubernetes
   */
  readonly readOnly?: boolean;
  /**
   * Relative path in the volume that is mounted, without `..`. Not beside `subPathExpr`.
   *
   * @default - the volume's root
   */
  readonly subPath?: string;
  /**
   * The same, with variables of the container's environment as in `$(NAME)`. Not beside `subPath`.
   *
   * @default - none
   */
  readonly subPathExpr?: string;
  /**
   * How later mounts get to the other side.
   *
   * @default - they do not, left to Kubernetes
   */
  readonly mountPropagation?: MountPropagation;
}

/** A volume in the server's container. */
export interface VolumeMount extends VolumeMountOptions {
  /** Name of the volume. One that the pod does not have is refused at synth. */
  readonly name: string;
}
