import { PodList } from '../../../../src/runtime/api/metrics/pod-list';
import { SimdPodRows } from '../../../../src/runtime/api/metrics/simd-pod-rows';
import { PodRecord } from '../../../../src/runtime/cluster/pod';
import { containerKey, containerNameStart } from '../../../../src/runtime/scrape/container-key';
import { encodeJson } from '../../../../src/runtime/server/encoding/json';
import { objectDocument } from '../../../../src/runtime/server/encoding/object';
import { PodCursor } from '../../../../src/runtime/store/usage';

export interface AnyContainer {
  readonly name: string;
  readonly cpuNanocores: number;
  readonly memoryBytes: number;
  readonly swapBytes: number;
}

/** A pod that may have any figures, also those that none can have. */
export interface AnyPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: PodRecord['labels'];
  /** Nothing is known of a pod without any. */
  readonly containers: readonly AnyContainer[];
  readonly timestampMs: number;
  readonly windowNanoseconds: number;
}

/** A store of such pods. */
export class AnyFigures implements PodCursor {
  timestampMs = NaN;
  windowNanoseconds = NaN;
  containers = 0;
  cpuNanocores = new Float64Array(0);
  memoryBytes = new Float64Array(0);
  swapBytes = new Float64Array(0);
  nameStarts = new Int32Array(0);
  keyEnds = new Int32Array(0);
  names: Uint8Array = Buffer.alloc(0);

  readAhead(): void {
    // All of it is small.
  }

  moveTo({ namespace, name, containers, timestampMs, windowNanoseconds }: AnyPod): boolean {
    const keys = containers.map((container) => Buffer.from(containerKey(container.name, namespace, name), 'latin1'));
    let end = 0;
    const ends = keys.map(({ length }) => end += length);
    Object.assign(this, { timestampMs, windowNanoseconds, containers: containers.length, names: Buffer.concat(keys) });
    this.cpuNanocores = Float64Array.from(containers, (container) => container.cpuNanocores);
    this.memoryBytes = Float64Array.from(containers, (container) => container.memoryBytes);
    this.swapBytes = Float64Array.from(containers, (container) => container.swapBytes);
    this.nameStarts = Int32Array.from(keys, (key, index) => containerNameStart(ends[index] - key.length));
    this.keyEnds = Int32Array.from(ends);
    return containers.length > 0;
  }
}

/** Their list in JSON. */
export function* listPieces(pods: readonly AnyPod[], rows: SimdPodRows | undefined, createdMs: number): Generator<string> {
  const inBytes = new PodList({ pods, figures: new AnyFigures(), createdMs }, rows);
  for (const piece of encodeJson(objectDocument({ kind: 'PodMetricsList', items: { [Symbol.iterator]: () => [][Symbol.iterator](), inBytes } }, 'v'))) {
    yield Buffer.from(piece).toString('latin1');
  }
}

export function listJson(...parameters: Parameters<typeof listPieces>): string {
  return [...listPieces(...parameters)].join('');
}
