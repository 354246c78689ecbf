import base64 from './module';

/** What is used of the API, for which Node's types have no declarations. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
} | undefined;

/** What src/runtime/assembly/index.ts exports: addresses and sizes in linear memory, and functions. */
export interface WebAssemblyExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly BODY: Global;
  readonly BODY_BYTES: Global;
  readonly NODE: Global;
  readonly MAX_ROWS: Global;
  readonly TIMESTAMP: Global;
  readonly CPU: Global;
  readonly MEMORY: Global;
  readonly SWAP: Global;
  readonly START: Global;
  readonly KEY_START: Global;
  readonly KEY_LENGTH: Global;
  readonly SLOTS: Global;
  readonly SLOT_ROW: Global;
  readonly ROW_SLOT: Global;
  readonly MULTIPLIERS: Global;
  readonly MULTIPLIERS_BYTES: Global;
  /** Of the page decoded last, even if it was given up. */
  readonly rows: Global;
  readonly MAX_PODS: Global;
  readonly POD_CREATED: Global;
  readonly POD_TIMESTAMP: Global;
  readonly POD_WINDOW: Global;
  readonly POD_LABELS: Global;
  readonly POD_LABELS_END: Global;
  readonly POD_CONTAINERS_END: Global;
  readonly MAX_POD_CONTAINERS: Global;
  readonly CONTAINER_CPU: Global;
  readonly CONTAINER_MEMORY: Global;
  readonly CONTAINER_SWAP: Global;
  readonly CONTAINER_KEY: Global;
  readonly CONTAINER_KEY_END: Global;
  readonly POD_TEXT: Global;
  readonly POD_TEXT_BYTES: Global;
  readonly POD_ROWS: Global;
  readonly POD_ROWS_BYTES: Global;
  /** Of the rows written last. */
  readonly podRowsBytes: Global;
  decodePage(length: number, startedMs: number): number;
  writePodRows(first: number, pods: number): number;
}

interface Global {
  readonly value: number;
}

/** `METRICS_SERVER_WEBASSEMBLY=off`, for whoever suspects the module: all that it does, JavaScript does as well. */
const SWITCH = 'METRICS_SERVER_WEBASSEMBLY';

let compiled: object | undefined;

/** An instance with a memory of its own, of fixed size. Undefined where it is switched off, and where Node or the processor has no WebAssembly with SIMD. */
export function webAssemblyInstance(env: NodeJS.ProcessEnv): WebAssemblyExports | undefined {
  if (env[SWITCH] === 'off' || typeof WebAssembly === 'undefined') return undefined;
  if (compiled === undefined) {
    const bytes = Buffer.from(base64, 'base64');
    if (!WebAssembly.validate(bytes)) return undefined;
    compiled = new WebAssembly.Module(bytes);
  }
  try {
    return new WebAssembly.Instance(compiled).exports as WebAssemblyExports;
  } catch (error) {
    // Where a process's addresses are limited (`ulimit -v`), V8 cannot reserve the gigabytes that it guards each memory with.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
