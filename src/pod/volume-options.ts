/** How keys of a ConfigMap or Secret become files. */
export interface FilesVolumeOptions {
  /**
   * Keys that become files, each with a relative path without `..`. A key that the object lacks keeps the pod from starting, unless
   * `optional` is set.
   *
   * @default - every key, as a file of its name
   */
  readonly items?: { readonly [key: string]: string };
  /**
   * Rights of the files, from 0 to 511, which is octal 777.
   *
   * @default - 420, which is octal 644, left to Kubernetes
   */
  readonly defaultMode?: number;
  /**
   * Whether the object may be missing.
   *
   * @default - false, left to Kubernetes
   */
  readonly optional?: boolean;
}

/** Where an empty directory is. */
export enum EmptyDirMedium {
  /** On the node's disk. */
  DISK = '',
  /** In memory, which counts as the container's. */
  MEMORY = 'Memory',
  /** In huge pages. */
  HUGE_PAGES = 'HugePages',
}

/** An empty directory. */
export interface EmptyDirOptions {
  /**
   * Where it is.
   *
   * @default - on the node's disk, left to Kubernetes
   */
  readonly medium?: EmptyDirMedium;
  /**
   * How big it may get before the pod is evicted, in bytes, as a Kubernetes quantity such as `64Mi`.
   *
   * @default - as big as the disk or the container's memory
   */
  readonly sizeLimit?: string;
}

/** What has to be at a path of the node, or is made there. */
export enum HostPathType {
  /** Nothing is looked at. */
  ANY = '',
  /** A directory, which is made if nothing is there. */
  DIRECTORY_OR_CREATE = 'DirectoryOrCreate',
  /** A directory. */
  DIRECTORY = 'Directory',
  /** A file, which is made if nothing is there. */
  FILE_OR_CREATE = 'FileOrCreate',
  /** A file. */
  FILE = 'File',
  /** A UNIX socket. */
  SOCKET = 'Socket',
  /** A character device. */
  CHAR_DEVICE = 'CharDevice',
  /** A block device. */
  BLOCK_DEVICE = 'BlockDevice',
}
