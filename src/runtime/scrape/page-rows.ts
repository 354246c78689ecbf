import { KeyTable } from './key-table';
import { Random } from '../clock';

/** Numbers of containers in columns, one row each; NaN where there is none. */
export interface PageRows {
  readonly keys: PageKeys;
  readonly timestampMs: Float64Array;
  readonly cpuNanoseconds: Float64Array;
  readonly memoryBytes: Float64Array;
  readonly swapBytes: Float64Array;
  /** Unix time in nanoseconds. */
  readonly startNanoseconds: Float64Array;
}

/** What a decoder fills that has rows of its own. */
export interface FilledPage {
  nodeTimestampMs: number;
  nodeCpuNanoseconds: number;
  nodeMemoryBytes: number;
  nodeSwapBytes: number;
  /** Rows that were filled elsewhere, until the next reset. */
  show(rows: PageRows): void;
}

/** Keys of the containers (container-key.ts), by row. */
export interface PageKeys {
  readonly size: number;
  /** The bytes of all keys, for reading them without a view for each. */
  readonly buffer: Buffer;
  key(row: number): Buffer;
  /** Where the key begins in `buffer`. */
  start(row: number): number;
  end(row: number): number;
}

/** Rows that are added one by one, without end. */
export class RowTable implements PageRows {
  readonly keys: KeyTable;
  timestampMs = new Float64Array(64);
  cpuNanoseconds = new Float64Array(64);
  memoryBytes = new Float64Array(64);
  swapBytes = new Float64Array(64);
  startNanoseconds = new Float64Array(64);

  constructor(random: Random) {
    this.keys = new KeyTable(random);
  }

  clear(): void {
    this.keys.clear();
  }

  /** The row of a container, a new one when the key is new. */
  row(bytes: Uint8Array, start: number, end: number): number {
    const rows = this.keys.size;
    const row = this.keys.intern(bytes, start, end);
    if (row < rows) return row;
    if (row >= this.timestampMs.length) this.grow();
    this.timestampMs[row] = this.cpuNanoseconds[row] = this.memoryBytes[row] = this.swapBytes[row] = this.startNanoseconds[row] = NaN;
    return row;
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
