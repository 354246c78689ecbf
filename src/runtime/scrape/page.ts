import { Random } from '../clock';
import { KeyTable } from './key-table';

/**
 * What one kubelet said in one answer: numbers in columns, one row a container. Reused from page to page.
 * A number the kubelet did not give, or gave as something impossible, is NaN. Of several samples of one series the first counts;
 * a container's timestamp is that of its CPU or memory, whichever the page gives last. Swap is looked at when the page is written.
 */
export class Page {
  /** When the request was started, Unix milliseconds. */
  startedMs = 0;
  nodeTimestampMs = NaN;
  nodeCpuNanoseconds = NaN;
  nodeMemoryBytes = NaN;
  nodeSwapBytes = NaN;

  /** Keys of the containers (container-key.ts); ids are row numbers. */
  readonly keys: KeyTable;
  timestampMs = new Float64Array(64);
  cpuNanoseconds = new Float64Array(64);
  memoryBytes = new Float64Array(64);
  swapBytes = new Float64Array(64);
  /** Unix time in nanoseconds. */
  startNanoseconds = new Float64Array(64);

  constructor(random: Random) {
    this.keys = new KeyTable(random);
  }

  /** Number of rows. */
  get containers(): number {
    return this.keys.size;
  }

  /** The node's own sample is complete. A counter of 0 means that the kubelet has no statistics yet. */
  get hasNode(): boolean {
    return this.nodeTimestampMs > 0 && this.nodeCpuNanoseconds > 0 && this.nodeMemoryBytes > 0;
  }

  reset(startedMs: number): void {
    this.startedMs = startedMs;
    this.nodeTimestampMs = this.nodeCpuNanoseconds = this.nodeMemoryBytes = this.nodeSwapBytes = NaN;
    this.keys.clear();
  }

  /** The row of a container, a new one when the key is new. */
  row(bytes: Uint8Array, start: number, end: number): number {
    const rows = this.containers;
    const row = this.keys.intern(bytes, start, end);
    if (row < rows) return row;
    if (row >= this.timestampMs.length) this.grow();
    this.timestampMs[row] = this.cpuNanoseconds[row] = this.memoryBytes[row] = this.swapBytes[row] = this.startNanoseconds[row] = NaN;
    return row;
  }

  setNodeCpu(nanoseconds: number, timestampMs: number): void {
    if (Number.isNaN(nanoseconds) || !Number.isNaN(this.nodeCpuNanoseconds)) return;
    this.nodeCpuNanoseconds = nanoseconds;
    this.nodeTimestampMs = timestampMs;
  }

  setNodeMemory(bytes: number, timestampMs: number): void {
    if (Number.isNaN(bytes) || !Number.isNaN(this.nodeMemoryBytes)) return;
    this.nodeMemoryBytes = bytes;
    this.nodeTimestampMs = timestampMs;
  }

  setNodeSwap(bytes: number): void {
    if (Number.isNaN(this.nodeSwapBytes)) this.nodeSwapBytes = bytes;
  }

  setCpu(row: number, nanoseconds: number, timestampMs: number): void {
    if (Number.isNaN(nanoseconds) || !Number.isNaN(this.cpuNanoseconds[row])) return;
    this.cpuNanoseconds[row] = nanoseconds;
    this.timestampMs[row] = timestampMs;
  }

  setMemory(row: number, bytes: number, timestampMs: number): void {
    if (Number.isNaN(bytes) || !Number.isNaN(this.memoryBytes[row])) return;
    this.memoryBytes[row] = bytes;
    this.timestampMs[row] = timestampMs;
  }

  setSwap(row: number, bytes: number): void {
    if (Number.isNaN(this.swapBytes[row])) this.swapBytes[row] = bytes;
  }

  setStart(row: number, nanoseconds: number): void {
    if (Number.isNaN(this.startNanoseconds[row])) this.startNanoseconds[row] = nanoseconds;
  }

  private grow(): void {
    const grown = (column: Float64Array) => {
      const to = new Float64Array(column.length * 2);
      to.set(column);
      return to;
    };
    this.timestampMs = grown(this.timestampMs);
    this.cpuNanoseconds = grown(this.cpuNanoseconds);
    this.memoryBytes = grown(this.memoryBytes);
    this.swapBytes = grown(this.swapBytes);
    this.startNanoseconds = grown(this.startNanoseconds);
  }
}
