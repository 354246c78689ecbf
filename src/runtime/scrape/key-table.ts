/* eslint-disable no-bitwise -- hashing is 32-bit integer arithmetic */
import { Random } from '../clock';
import { copyBytes, equalBytes, viewOf } from '../words';

/** Longer keys are refused; the labels of a container need 411 bytes at most (name 63, namespace 63, pod 253). */
export const MAX_KEY_BYTES = 512;

const MIN_SLOTS = 64;

/** What a cleared table may keep of each of its two big buffers. */
const MAX_IDLE_BYTES = 256 * 1024;

/**
 * Byte strings to dense ids, and back. Ids of deleted keys are given out again.
 *
 * Pod names are chosen by tenants, so the hash is multilinear over pairs of bytes with random multipliers (two keys chosen without
 * knowing them collide with probability 2^-17), and a key is found only when all its bytes are equal.
 */
export class KeyTable {
  private readonly multipliers = new Int32Array(MAX_KEY_BYTES / 2 + 4);
  private slots = new Int32Array(MIN_SLOTS).fill(-1);
  private shift = 32 - Math.log2(MIN_SLOTS);
  private hashes = new Int32Array(MIN_SLOTS / 2);
  private offsets = new Uint32Array(MIN_SLOTS / 2);
  private lengths = new Uint16Array(MIN_SLOTS / 2);
  private bytes = Buffer.allocUnsafe(MIN_SLOTS * 32);
  private words = viewOf(this.bytes);
  /** Where keys were last looked for, with its view: mostly there again. */
  private source: Uint8Array = this.bytes;
  private sourceWords = this.words;
  private usedBytes = 0;
  private liveBytes = 0;
  private freeIds: number[] = [];
  private nextId = 0;

  constructor(random: Random) {
    for (let i = 0; i < this.multipliers.length; i++) this.multipliers[i] = Math.floor(random() * 2 ** 32);
  }

  /** Keys held. */
  get size(): number {
    return this.nextId - this.freeIds.length;
  }

  /** The bytes of all keys, for reading them without a view for each; replaced by the next change of the table. */
  get buffer(): Buffer {
    return this.bytes;
  }

  /** The id of `bytes[start, end)`, -1 when it is not held. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.lookUp(this.hash(bytes, start, end), bytes, start, end);
  }

  /** Adds a key that `find` did not find. */
  add(bytes: Uint8Array, start: number, end: number): number {
    return this.insert(this.hash(bytes, start, end), bytes, start, end);
  }

  /** The id of a key that may be new. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = this.hash(bytes, start, end);
    const id = this.lookUp(hash, bytes, start, end);
    return id < 0 ? this.insert(hash, bytes, start, end) : id;
  }

  delete(id: number): void {
    const mask = this.slots.length - 1;
    let hole = this.hashes[id] >>> this.shift;
    while (this.slots[hole] !== id) hole = (hole + 1) & mask;
    // Linear probing without tombstones: close the hole with whatever may stand there.
    for (let slot = (hole + 1) & mask; this.slots[slot] >= 0; slot = (slot + 1) & mask) {
      const home = this.hashes[this.slots[slot]] >>> this.shift;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        this.slots[hole] = this.slots[slot];
        hole = slot;
      }
    }
    this.slots[hole] = -1;
    this.liveBytes -= this.lengths[id];
    this.lengths[id] = 0;
    this.freeIds.push(id);
  }

  /** Forgets all keys; what an unusually large set needed is given back. */
  clear(): void {
    if (this.bytes.length > MAX_IDLE_BYTES) this.useBuffer(Buffer.allocUnsafe(MIN_SLOTS * 32));
    if (this.slots.byteLength > MAX_IDLE_BYTES) this.slots = new Int32Array(MIN_SLOTS);
    this.shift = 32 - Math.log2(this.slots.length);
    this.slots.fill(-1);
    this.usedBytes = this.liveBytes = this.nextId = 0;
    this.freeIds = [];
  }

  /** True when the bytes at `start` begin with the key. */
  matches(id: number, bytes: Uint8Array, start: number): boolean {
    const length = this.lengths[id];
    return start + length <= bytes.length && equalBytes(this.words, this.offsets[id], this.wordsOf(bytes), start, length);
  }

  length(id: number): number {
    return this.lengths[id];
  }

  /** The key's bytes, valid until the next change of the table. */
  key(id: number): Buffer {
    return this.bytes.subarray(this.start(id), this.end(id));
  }

  /** Where the key begins in `buffer`. */
  start(id: number): number {
    return this.offsets[id];
  }

  end(id: number): number {
    return this.offsets[id] + this.lengths[id];
  }

  private hash(bytes: Uint8Array, start: number, end: number): number {
    const multipliers = this.multipliers;
    const words = this.wordsOf(bytes);
    const length = Math.min(end - start, MAX_KEY_BYTES);
    let hash = Math.imul(multipliers[0], length);
    let next = 1;
    let at = start;
    for (const lastWord = start + length - 4; at <= lastWord; at += 4) {
      const word = words.getInt32(at, true);
      hash = (hash + Math.imul(multipliers[next], word & 0xffff) + Math.imul(multipliers[next + 1], word >>> 16)) | 0;
      next += 2;
    }
    for (; at < start + length; at++) hash = (hash + Math.imul(multipliers[next++], bytes[at])) | 0;
    return hash;
  }

  private lookUp(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash >>> this.shift; ; slot = (slot + 1) & mask) {
      const id = this.slots[slot];
      if (id < 0 || (this.hashes[id] === hash && this.lengths[id] === end - start && this.matches(id, bytes, start))) return id;
    }
  }

  private insert(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > MAX_KEY_BYTES) throw new RangeError(`key of ${length} bytes, ${MAX_KEY_BYTES} at most`);
    const id = this.freeIds.pop() ?? this.nextId++;
    if (this.nextId > this.hashes.length) this.growIds();
    if (this.size * 2 > this.slots.length) this.growSlots();
    this.lengths[id] = 0;
    if (this.usedBytes + length > this.bytes.length) this.compact(length);
    copyBytes(this.wordsOf(bytes), start, this.words, this.usedBytes, length);
    this.offsets[id] = this.usedBytes;
    this.lengths[id] = length;
    this.usedBytes += length;
    this.liveBytes += length;
    this.hashes[id] = hash;
    this.occupy(id);
    return id;
  }

  private wordsOf(bytes: Uint8Array): DataView {
    if (bytes !== this.source) {
      this.source = bytes;
      this.sourceWords = viewOf(bytes);
    }
    return this.sourceWords;
  }

  private useBuffer(bytes: Buffer<ArrayBuffer>): void {
    this.bytes = bytes;
    this.words = viewOf(bytes);
  }

  private occupy(id: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes[id] >>> this.shift;
    while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
    this.slots[slot] = id;
  }

  private growSlots(): void {
    const ids = this.slots.filter(id => id >= 0);
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    this.shift--;
    for (const id of ids) this.occupy(id);
  }

  private growIds(): void {
    const length = this.hashes.length * 2;
    const grow = <T extends Int32Array | Uint32Array | Uint16Array>(to: T, from: T) => { to.set(from); return to; };
    this.hashes = grow(new Int32Array(length), this.hashes);
    this.offsets = grow(new Uint32Array(length), this.offsets);
    this.lengths = grow(new Uint16Array(length), this.lengths);
  }

  /** Makes room for `needed` bytes by closing the gaps of deleted keys, and by growing when that is not enough. */
  private compact(needed: number): void {
    const old = this.bytes;
    const length = Math.max(old.length, 2 ** Math.ceil(Math.log2((this.liveBytes + needed) * 1.5)));
    this.useBuffer(Buffer.allocUnsafeSlow(length));
    this.usedBytes = 0;
    for (let id = 0; id < this.nextId; id++) {
      const size = this.lengths[id];
      if (size === 0) continue;
      old.copy(this.bytes, this.usedBytes, this.offsets[id], this.offsets[id] + size);
      this.offsets[id] = this.usedBytes;
      this.usedBytes += size;
    }
  }
}
