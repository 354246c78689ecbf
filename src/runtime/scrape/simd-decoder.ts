import { PageKeys, PageRows, FilledPage } from './page-rows';
import { Random } from '../clock';
import { webAssemblyInstance, WebAssemblyExports } from '../webassembly/instance';

/**
 * Decodes pages as kubelets write them with the SIMD instructions of the processor (../assembly/page.ts). The rows stay in its linear
 * memory, where the page shows them until the next is decoded.
 */
export class SimdDecoder {
  /** Null where WebAssembly cannot be used. */
  static create(random: Random, env: NodeJS.ProcessEnv): SimdDecoder | null {
    const assembly = webAssemblyInstance(env);
    return assembly ? new SimdDecoder(assembly, random) : null;
  }

  private readonly body: Uint8Array;
  private readonly node: Float64Array;
  private readonly keys: LinearKeys;
  private readonly rows: PageRows;

  constructor(private readonly assembly: WebAssemblyExports, random: Random) {
    const { buffer } = assembly.memory;
    const maxRows = assembly.MAX_ROWS.value;
    const column = ({ value }: { readonly value: number }) => new Float64Array(buffer, value, maxRows);
    this.body = new Uint8Array(buffer, assembly.BODY.value, assembly.BODY_BYTES.value);
    this.node = new Float64Array(buffer, assembly.NODE.value, 4);
    this.keys = new LinearKeys(assembly);
    this.rows = {
      keys: this.keys,
      timestampMs: column(assembly.TIMESTAMP),
      cpuNanoseconds: column(assembly.CPU),
      memoryBytes: column(assembly.MEMORY),
      swapBytes: column(assembly.SWAP),
      startNanoseconds: column(assembly.START),
    };
    const multipliers = new Uint32Array(buffer, assembly.MULTIPLIERS.value, assembly.MULTIPLIERS_BYTES.value / 4);
    for (let i = 0; i < multipliers.length; i++) multipliers[i] = Math.floor(random() * 2 ** 32);
  }

  /**
   * Whether it could: otherwise the page is as it was, and JavaScript's to decode or to refuse.
   *
   * @param body ends with a line feed
   */
  decode(body: Buffer, startedMs: number, page: FilledPage): boolean {
    if (body.length > this.body.length) return false;
    this.body.set(body);
    const rows = this.assembly.decodePage(body.length, startedMs);
    if (rows < 0) return false;
    this.keys.size = rows;
    page.show(this.rows);
    [page.nodeTimestampMs, page.nodeCpuNanoseconds, page.nodeMemoryBytes, page.nodeSwapBytes] = this.node;
    return true;
  }
}

/** Keys that stand where the page has them. */
class LinearKeys implements PageKeys {
  size = 0;
  readonly buffer: Buffer;
  private readonly starts: Uint32Array;
  private readonly lengths: Uint32Array;

  constructor({ memory, KEY_START, KEY_LENGTH, MAX_ROWS }: WebAssemblyExports) {
    this.buffer = Buffer.from(memory.buffer);
    this.starts = new Uint32Array(memory.buffer, KEY_START.value, MAX_ROWS.value);
    this.lengths = new Uint32Array(memory.buffer, KEY_LENGTH.value, MAX_ROWS.value);
  }

  key(row: number): Buffer {
    return this.buffer.subarray(this.start(row), this.end(row));
  }

  start(row: number): number {
    return this.starts[row];
  }

  end(row: number): number {
    return this.starts[row] + this.lengths[row];
  }
}
