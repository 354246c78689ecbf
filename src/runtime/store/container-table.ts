import { Random } from '../clock';
import { SoughtPod } from './usage';
import { compareContainerNames, containerName, containerNameStart, podKey, podKeyOffset, podName } from '../scrape/container-key';
import { KeyTable, MAX_KEY_BYTES } from '../scrape/key-table';

const NONE = -1;

/** Containers and the pods they make up, by dense ids. A pod exists as long as it has a container. */
export class ContainerTable {
  readonly keys: KeyTable;
  private readonly podKeys: KeyTable;
  private readonly sought = Buffer.allocUnsafeSlow(3 * MAX_KEY_BYTES);
  private pods = new Int32Array(64);
  private nextInPod = new Int32Array(64);
  private firstOfPod = new Int32Array(64).fill(NONE);
  /** By pod, for whom it was found last. */
  private soughtPods: (SoughtPod | undefined)[] = [];

  constructor(random: Random) {
    this.keys = new KeyTable(random);
    this.podKeys = new KeyTable(random);
  }

  podOf(container: number): number {
    return this.pods[container];
  }

  /** The name of a container that begins there. */
  nameAt(start: number): string {
    return containerName(this.keys.buffer, start);
  }

  /** `namespace/name`. */
  podNameOf(pod: number): string {
    return podName(this.podKeys.key(pod));
  }

  findPod(namespace: string, name: string): number {
    const key = podKey(namespace, name);
    if (key.length > MAX_KEY_BYTES) return NONE;
    return this.podKeys.find(this.sought, 0, this.sought.write(key));
  }

  /** As `findPod`, but for one that the same object was found for before: reading a name costs more than all that is known of it. */
  findAgain(sought: SoughtPod): number {
    const { row } = sought;
    if (row !== undefined && row >= 0 && this.soughtPods[row] === sought) return row;
    const pod = this.findPod(sought.namespace, sought.name);
    if (pod >= 0) {
      this.soughtPods[pod] = sought;
      sought.row = pod;
    }
    return pod;
  }

  /** The pod that a container's key names, -1 when it has no containers yet. */
  findPodOf(key: Buffer): number {
    return this.podKeys.find(key, podKeyOffset(key), key.length);
  }

  /** By name. */
  containersOf(pod: number): number[] {
    const containers = [];
    for (let container = this.firstOf(pod); container !== NONE; container = this.nextInPod[container]) containers.push(container);
    return containers;
  }

  /** The first container of a pod by name. */
  firstOf(pod: number): number {
    return this.firstOfPod[pod];
  }

  /** The container that follows in its pod, -1 after the last. */
  after(container: number): number {
    return this.nextInPod[container];
  }

  /** Where a container's name begins in the bytes of `keys`; it ends before a quote. */
  nameStart(container: number): number {
    return containerNameStart(this.keys.start(container));
  }

  /** Where a container's key ends in those bytes, with the quote after its pod's name. */
  keyEnd(container: number): number {
    return this.keys.end(container);
  }

  /** Adds a container that is not there. */
  add(key: Buffer): number {
    const offset = podKeyOffset(key);
    let pod = this.podKeys.find(key, offset, key.length);
    if (pod < 0) {
      pod = this.podKeys.add(key, offset, key.length);
      if (pod >= this.firstOfPod.length) this.firstOfPod = grown(this.firstOfPod);
      this.firstOfPod[pod] = NONE;
      this.soughtPods[pod] = undefined;
    }
    const container = this.keys.add(key, 0, key.length);
    if (container >= this.pods.length) {
      this.pods = grown(this.pods);
      this.nextInPod = grown(this.nextInPod);
    }
    this.pods[container] = pod;
    this.link(container, pod);
    return container;
  }

  remove(container: number): void {
    const pod = this.pods[container];
    const next = this.nextInPod[container];
    if (this.firstOfPod[pod] === container) {
      this.firstOfPod[pod] = next;
      if (next === NONE) {
        this.podKeys.delete(pod);
        this.soughtPods[pod] = undefined;
      }
    } else {
      let before = this.firstOfPod[pod];
      while (this.nextInPod[before] !== container) before = this.nextInPod[before];
      this.nextInPod[before] = next;
    }
    this.keys.delete(container);
  }

  private link(container: number, pod: number): void {
    let before = NONE;
    let next = this.firstOfPod[pod];
    while (next !== NONE && compareContainerNames(this.keys.buffer, this.nameStart(next), this.nameStart(container)) < 0) {
      before = next;
      next = this.nextInPod[next];
    }
    this.nextInPod[container] = next;
    if (before === NONE) this.firstOfPod[pod] = container;
    else this.nextInPod[before] = container;
  }
}

function grown(column: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(column.length * 2);
  to.set(column);
  return to;
}
