/** CPU, memory and swap used, as far as the last two samples tell. */
export interface Usage {
  /** Average over the window, in billionths of a core. Undefined when there is no rate (yet). */
  readonly cpuNanocores?: number;
  /** Working set of the last sample. Undefined when the kubelet has no figure. */
  readonly memoryBytes?: number;
  /** Swap space, with the memory. Undefined where the kubelet does not report it. */
  readonly swapBytes?: number;
}

export interface NodeUsage extends Usage {
  readonly cpuNanocores: number;
  readonly memoryBytes: number;
  /** Time of the last sample, Unix milliseconds. */
  readonly timestampMs: number;
  /** Time between the two samples, nanoseconds. */
  readonly windowNanoseconds: number;
}

export interface ContainerUsage extends Usage {
  readonly name: string;
}

export interface PodUsage {
  /** Of the container whose rate is oldest. */
  readonly timestampMs: number;
  readonly windowNanoseconds: number;
  /** Sorted by name; at least one has a rate. */
  readonly containers: readonly ContainerUsage[];
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** A pod that is looked for again and again. */
export interface SoughtPod extends PodName {
  /** Where the store found it last: a hint, which the store alone writes and understands. */
  row?: number;
}

/** The figures of one pod at a time, by the rules of PodUsage and without an object for each: for long lists. */
export interface PodCursor {
  readonly timestampMs: number;
  readonly windowNanoseconds: number;
  /** Containers of the pod, sorted by name. */
  readonly containers: number;
  /** By container; NaN where there is no figure. */
  readonly cpuNanocores: Float64Array;
  readonly memoryBytes: Float64Array;
  readonly swapBytes: Float64Array;
  /** Where names of containers begin in `names`; each ends before a quote. */
  readonly nameStarts: Int32Array;
  readonly names: Uint8Array;
  /** Where keys end there of which those are the names: `",namespace="default",pod="web-1"` stands behind each (scrape/container-key.ts). */
  readonly keyEnds: Int32Array;
  /**
   * Has the processor fetch what `moveTo` is going to read of these pods, which lies all over the memory: for many at a time it waits
   * for all at once, where it would wait for each in turn.
   */
  readAhead(pods: readonly SoughtPod[], from: number, to: number): void;
  /** False when nothing can be said of the pod. All of the above is valid until the store changes. */
  moveTo(pod: SoughtPod): boolean;
}

/** What the API reads: nodes with a rate, and pods with a container that has one (docs/truth.md). */
export interface UsageReader {
  /** At least one node and at least one pod can be served. */
  readonly ready: boolean;
  /** @default pods are read one object at a time */
  readonly podCursor?: PodCursor;
  node(name: string): NodeUsage | undefined;
  /** @param living names of its containers that run or are going to, when that is known */
  pod(namespace: string, name: string, living?: readonly string[]): PodUsage | undefined;
  /** The node whose kubelet reports the pod. */
  nodeOf(namespace: string, name: string): string | undefined;
  /** The pods that a node's kubelet reports, sorted by namespace, then name. */
  podsOn(node: string): readonly PodName[];
}
