/** CPU and memory used, computed from the last two samples. */
export interface Usage {
  /** Average over the window, in billionths of a core. */
  readonly cpuNanocores: number;
  /** Working set of the last sample. */
  readonly memoryBytes: number;
}

export interface NodeUsage extends Usage {
  /** Time of the last sample, Unix milliseconds. */
  readonly timestampMs: number;
  /** Time between the two samples, nanoseconds. */
  readonly windowNanoseconds: number;
}

export interface ContainerUsage extends Usage {
  readonly name: string;
}

export interface PodUsage {
  /** Of the container whose last sample is oldest. */
  readonly timestampMs: number;
  readonly windowNanoseconds: number;
  /** Sorted by name. */
  readonly containers: readonly ContainerUsage[];
}

/** What the API reads. Nothing is returned that has fewer than two samples. */
export interface UsageReader {
  /** At least one node and at least one pod can be served. */
  readonly ready: boolean;
  node(name: string): NodeUsage | undefined;
  pod(namespace: string, name: string): PodUsage | undefined;
}
