import { ContainerTable } from './container-table';
import { SampleTable } from './sample-table';
import { PodCursor, SoughtPod } from './usage';

const START_CONTAINERS = 16;

/** Reads pods from the columns of their containers, one after the other into the same place. The rules are in docs/truth.md. */
export class PodFigures implements PodCursor {
  timestampMs = NaN;
  windowNanoseconds = NaN;
  containers = 0;
  cpuNanocores = new Float64Array(START_CONTAINERS);
  memoryBytes = new Float64Array(START_CONTAINERS);
  swapBytes = new Float64Array(START_CONTAINERS);
  nameStarts = new Int32Array(START_CONTAINERS);
  keyEnds = new Int32Array(START_CONTAINERS);
  private ahead = new Int32Array(0);
  /** What is never used need not be read. */
  touched = 0;

  constructor(private readonly table: ContainerTable, private readonly samples: SampleTable) {}

  get names(): Buffer {
    return this.table.keys.buffer;
  }

  readAhead(pods: readonly SoughtPod[], from: number, to: number): void {
    const { table, samples, names } = this;
    const count = to - from;
    if (count > this.ahead.length) this.ahead = new Int32Array(count);
    const { ahead } = this;
    let touched = 0;
    // What is found by what was read before is read when that is there for all of them.
    for (let i = 0; i < count; i++) ahead[i] = table.findAgain(pods[from + i]);
    for (let i = 0; i < count; i++) if (ahead[i] >= 0) ahead[i] = table.firstOf(ahead[i]);
    for (let i = 0; i < count; i++) {
      for (let container = ahead[i]; container >= 0; container = table.after(container)) touched += samples.timestampMs(container);
    }
    for (let i = 0; i < count; i++) {
      for (let container = ahead[i]; container >= 0; container = table.after(container)) touched += names[table.nameStart(container)];
    }
    this.touched = touched;
  }

  moveTo(sought: SoughtPod): boolean {
    const pod = this.table.findAgain(sought);
    return pod >= 0 && this.read(pod);
  }

  /**
   * Every container of the pod that its kubelet names, with the figures it has: one that has none (yet) hides no other, and stays on
   * the list, so that nobody takes a sum without it for the sum of all.
   */
  read(pod: number): boolean {
    const { table, samples } = this;
    let count = 0;
    let oldest = -1;
    for (let container = table.firstOf(pod); container >= 0; container = table.after(container)) {
      if (count === this.nameStarts.length) this.grow();
      const cpu = samples.cpuNanocores(container);
      this.cpuNanocores[count] = cpu;
      this.memoryBytes[count] = samples.memoryBytes(container);
      this.swapBytes[count] = samples.swapBytes(container);
      this.nameStarts[count] = table.nameStart(container);
      this.keyEnds[count++] = table.keyEnd(container);
      if (cpu >= 0 && (oldest < 0 || samples.timestampMs(container) < samples.timestampMs(oldest))) oldest = container;
    }
    this.containers = count;
    // Without a rate there is no window either.
    if (oldest < 0) return false;
    this.timestampMs = samples.timestampMs(oldest);
    this.windowNanoseconds = samples.windowNanoseconds(oldest);
    return true;
  }

  private grow(): void {
    const twice = <T extends Float64Array | Int32Array>(from: T, to: T) => { to.set(from); return to; };
    const length = 2 * this.nameStarts.length;
    this.cpuNanocores = twice(this.cpuNanocores, new Float64Array(length));
    this.memoryBytes = twice(this.memoryBytes, new Float64Array(length));
    this.swapBytes = twice(this.swapBytes, new Float64Array(length));
    this.nameStarts = twice(this.nameStarts, new Int32Array(length));
    this.keyEnds = twice(this.keyEnds, new Int32Array(length));
  }
}
