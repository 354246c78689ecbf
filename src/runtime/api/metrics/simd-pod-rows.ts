import { LabelSet } from '../../cluster/object-metadata';
import { ByteWriter } from '../../server/encoding/byte-writer';
import { PodCursor } from '../../store/usage';
import { webAssemblyInstance, WebAssemblyExports } from '../../webassembly/instance';
import { copyBytes, viewOf } from '../../words';
import { timestamp } from '../timestamp';

/**
 * JSON of some pods at a time, written by WebAssembly (../../assembly/pod-rows.ts). What it is written from is gathered in linear memory: so
 * little at a time that the processor's cache holds it, and that any number of lists take no more.
 */
export class SimdPodRows {
  /** Undefined where WebAssembly cannot be used. */
  static create(env: NodeJS.ProcessEnv): SimdPodRows | undefined {
    const assembly = webAssemblyInstance(env);
    return assembly && new SimdPodRows(assembly);
  }

  /** The same for everybody, made when somebody first asks for it. */
  static onDemand(env: NodeJS.ProcessEnv): () => SimdPodRows | undefined {
    let made: SimdPodRows | undefined | null = null;
    return () => made === null ? made = SimdPodRows.create(env) : made;
  }

  readonly maxPods: number;
  private pods = 0;
  private containers = 0;
  private textBytes = 0;
  private lastLabels: LabelSet | undefined;
  private lastLabelsStart = 0;

  private readonly created: Buffer;
  private readonly timestampMs: Float64Array;
  private readonly windowNanoseconds: Float64Array;
  private readonly labelsStart: Uint32Array;
  private readonly labelsEnd: Uint32Array;
  private readonly containersEnd: Uint32Array;
  private readonly cpuNanocores: Float64Array;
  private readonly memoryBytes: Float64Array;
  private readonly swapBytes: Float64Array;
  private readonly keyStart: Uint32Array;
  private readonly keyEnd: Uint32Array;
  private readonly text: Buffer;
  private readonly textView: DataView;
  private readonly rows: Uint8Array;
  /** Where keys were read last, with its view: mostly there again. */
  private keys: Uint8Array = new Uint8Array(0);
  private keysView = viewOf(this.keys);

  constructor(private readonly assembly: WebAssemblyExports) {
    const { buffer } = assembly.memory;
    this.maxPods = assembly.MAX_PODS.value;
    const maxContainers = assembly.MAX_POD_CONTAINERS.value;
    this.created = Buffer.from(buffer, assembly.POD_CREATED.value, 32);
    this.timestampMs = new Float64Array(buffer, assembly.POD_TIMESTAMP.value, this.maxPods);
    this.windowNanoseconds = new Float64Array(buffer, assembly.POD_WINDOW.value, this.maxPods);
    this.labelsStart = new Uint32Array(buffer, assembly.POD_LABELS.value, this.maxPods);
    this.labelsEnd = new Uint32Array(buffer, assembly.POD_LABELS_END.value, this.maxPods);
    this.containersEnd = new Uint32Array(buffer, assembly.POD_CONTAINERS_END.value, this.maxPods);
    this.cpuNanocores = new Float64Array(buffer, assembly.CONTAINER_CPU.value, maxContainers);
    this.memoryBytes = new Float64Array(buffer, assembly.CONTAINER_MEMORY.value, maxContainers);
    this.swapBytes = new Float64Array(buffer, assembly.CONTAINER_SWAP.value, maxContainers);
    this.keyStart = new Uint32Array(buffer, assembly.CONTAINER_KEY.value, maxContainers);
    this.keyEnd = new Uint32Array(buffer, assembly.CONTAINER_KEY_END.value, maxContainers);
    this.text = Buffer.from(buffer, assembly.POD_TEXT.value, assembly.POD_TEXT_BYTES.value);
    this.textView = viewOf(this.text);
    this.rows = new Uint8Array(buffer, assembly.POD_ROWS.value, assembly.POD_ROWS_BYTES.value);
  }

  /** Pods gathered. */
  get size(): number {
    return this.pods;
  }

  get isFull(): boolean {
    return this.pods === this.maxPods;
  }

  /** Begins anew. */
  clear(createdMs: number): void {
    this.created.write(timestamp(createdMs), 'latin1');
    this.pods = this.containers = this.textBytes = 0;
    this.lastLabels = undefined;
  }

  /** Gathers another pod. False when there is no room for it. */
  add(labels: LabelSet, figures: PodCursor): boolean {
    if (this.isFull || this.containers + figures.containers > this.keyStart.length) return false;
    const textBytes = this.addKeys(figures);
    if (textBytes < 0 || !this.addLabels(labels, textBytes)) return false;
    const { pods, containers } = this;
    this.timestampMs[pods] = figures.timestampMs;
    this.windowNanoseconds[pods] = figures.windowNanoseconds;
    for (let i = 0; i < figures.containers; i++) {
      this.cpuNanocores[containers + i] = figures.cpuNanocores[i];
      this.memoryBytes[containers + i] = figures.memoryBytes[i];
      this.swapBytes[containers + i] = figures.swapBytes[i];
    }
    this.containersEnd[pods] = this.containers = containers + figures.containers;
    this.pods = pods + 1;
    return true;
  }

  /** Writes pods from `first` on, each after a comma. Returns the one that is not written. */
  write(writer: ByteWriter, first: number): number {
    const { assembly } = this;
    const next = assembly.writePodRows(first, this.pods);
    writer.raw(this.rows.subarray(0, assembly.podRowsBytes.value));
    return next;
  }

  /** Returns where they end in the text, -1 when they do not fit. */
  private addKeys({ containers, names, nameStarts, keyEnds }: PodCursor): number {
    if (names !== this.keys) {
      this.keys = names;
      this.keysView = viewOf(names);
    }
    let at = this.textBytes;
    for (let i = 0; i < containers; i++) {
      const length = keyEnds[i] - nameStarts[i];
      if (at + length > this.text.length) return -1;
      copyBytes(this.keysView, nameStarts[i], this.textView, at, length);
      this.keyStart[this.containers + i] = at;
      this.keyEnd[this.containers + i] = at += length;
    }
    return at;
  }

  /** Pods that follow each other mostly have the labels of one ReplicaSet, which are there already. */
  private addLabels(labels: LabelSet, start: number): boolean {
    const { pods } = this;
    if (labels === this.lastLabels) {
      this.labelsStart[pods] = this.lastLabelsStart;
      this.labelsEnd[pods] = this.labelsEnd[pods - 1];
      this.textBytes = start;
      return true;
    }
    const { json = '' } = labels;
    if (start + 3 * json.length > this.text.length) return false;
    this.lastLabels = labels;
    this.labelsStart[pods] = this.lastLabelsStart = start;
    this.labelsEnd[pods] = this.textBytes = start + this.text.write(json, start, 'utf8');
    return true;
  }
}
