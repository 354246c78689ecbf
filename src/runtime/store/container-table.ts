import { Random } from '../clock';
import { containerName, podKey, podKeyOffset, podName } from '../scrape/container-key';
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

  constructor(random: Random) {
    this.keys = new KeyTable(random);
    this.podKeys = new KeyTable(random);
  }

  podOf(container: number): number {
    return this.pods[container];
  }

  nameOf(container: number): string {
    return containerName(this.keys.buffer, this.keys.start(container));
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

  /** The pod that a container's key names, -1 when it has no containers yet. */
  findPodOf(key: Buffer): number {
    return this.podKeys.find(key, podKeyOffset(key), key.length);
  }

  /** In the order they were last added. */
  containersOf(pod: number): number[] {
    const containers = [];
    for (let container = this.firstOfPod[pod]; container !== NONE; container = this.nextInPod[container]) containers.push(container);
    return containers;
  }

  /** Adds a container that is not there. */
  add(key: Buffer): number {
    const offset = podKeyOffset(key);
    let pod = this.podKeys.find(key, offset, key.length);
    if (pod < 0) {
      pod = this.podKeys.add(key, offset, key.length);
      if (pod >= this.firstOfPod.length) this.firstOfPod = grown(this.firstOfPod);
      this.firstOfPod[pod] = NONE;
    }
    const container = this.keys.add(key, 0, key.length);
    if (container >= this.pods.length) {
      this.pods = grown(this.pods);
      this.nextInPod = grown(this.nextInPod);
    }
    this.pods[container] = pod;
    this.nextInPod[container] = this.firstOfPod[pod];
    this.firstOfPod[pod] = container;
    return container;
  }

  remove(container: number): void {
    const pod = this.pods[container];
    const next = this.nextInPod[container];
    if (this.firstOfPod[pod] === container) {
      this.firstOfPod[pod] = next;
      if (next === NONE) this.podKeys.delete(pod);
    } else {
      let before = this.firstOfPod[pod];
      while (this.nextInPod[before] !== container) before = this.nextInPod[before];
      this.nextInPod[before] = next;
    }
    this.keys.delete(container);
  }
}

function grown(column: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(column.length * 2);
  to.set(column);
  return to;
}
