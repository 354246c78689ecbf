import { HttpHead } from './http-head';

/** Those of kubelets have some 200 bytes. Longer ones are read each time. */
const MAX_BYTES = 1024;

/**
 * The head that was read last, and its bytes. Kubelets that answer within the same second send the same one: it is compared then, and
 * not read again.
 */
export class LastHttpHead {
  private readonly bytes = Buffer.alloc(MAX_BYTES);
  private byteCount = 0;
  private head: HttpHead | undefined;

  get length(): number {
    return this.byteCount;
  }

  /** The head, when the first `length` bytes begin with it. */
  at(bytes: Buffer, length: number): HttpHead | undefined {
    if (this.byteCount > length) return undefined;
    for (let at = 0; at < this.byteCount; at++) {
      if (bytes[at] !== this.bytes[at]) return undefined;
    }
    return this.head;
  }

  /** Takes the first `length` bytes for the head, which must not change any more. */
  remember(head: HttpHead, bytes: Buffer, length: number): void {
    if (length > MAX_BYTES) return;
    bytes.copy(this.bytes, 0, 0, length);
    this.byteCount = length;
    this.head = head;
  }
}
