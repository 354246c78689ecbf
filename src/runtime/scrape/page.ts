import { PageKeys, PageRows, FilledPage, RowTable } from './page-rows';
import { SimdDecoder } from './simd-decoder';
import { Random } from '../clock';

/**
 * What one kubelet said in one answer: numbers in columns, one row a container. Reused from page to page.
 * A number the kubelet did not give, or gave as something impossible, is NaN. Of several samples of one series the first counts;
 * a container's timestamp is that of its CPU or memory, whichever the page gives last. Swap is looked at when the page is written.
 */
export class Page implements FilledPage {
  /** When the request was started, Unix milliseconds. */
  startedMs = 0;
  nodeTimestampMs = NaN;
  nodeCpuNanoseconds = NaN;
  nodeMemoryBytes = NaN;
  nodeSwapBytes = NaN;

  /** Where rows are added one by one. */
  readonly table: RowTable;
  /** That table, or what another decoder has filled. */
  private rows: PageRows;

  /** @param simd null where JavaScript is to decode all pages */
  constructor(random: Random, readonly simd: SimdDecoder | null) {
    this.rows = this.table = new RowTable(random);
  }

  /** Number of rows. */
  get containers(): number {
    return this.rows.keys.size;
  }

  get keys(): PageKeys {
    return this.rows.keys;
  }

  get timestampMs(): Float64Array {
    return this.rows.timestampMs;
  }

  get cpuNanoseconds(): Float64Array {
    return this.rows.cpuNanoseconds;
  }

  get memoryBytes(): Float64Array {
    return this.rows.memoryBytes;
  }

  get swapBytes(): Float64Array {
    return this.rows.swapBytes;
  }

  get startNanoseconds(): Float64Array {
    return this.rows.startNanoseconds;
  }

  /** The node's own sample is complete. A counter of 0 means that the kubelet has no statistics yet. */
  get hasNode(): boolean {
    return this.nodeTimestampMs > 0 && this.nodeCpuNanoseconds > 0 && this.nodeMemoryBytes > 0;
  }

  reset(startedMs: number): void {
    this.startedMs = startedMs;
    this.nodeTimestampMs = this.nodeCpuNanoseconds = this.nodeMemoryBytes = this.nodeSwapBytes = NaN;
    this.table.clear();
    this.rows = this.table;
  }

  show(rows: PageRows): void {
    this.rows = rows;
  }

  /** The row of a container, a new one when the key is new. */
  row(bytes: Uint8Array, start: number, end: number): number {
    return this.table.row(bytes, start, end);
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
}
