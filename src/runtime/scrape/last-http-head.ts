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
    const { byteCount } = this;
    return byteCount <= length && this.bytes.compare(bytes, 0, byteCount, 0, byteCount) === 0 ? this.head : undefined;
  }

  /** Takes the first `length` bytes for the head, which must not change any more. */
  remember(head: HttpHead, bytes: Buffer, length: number): void {
    if (length > MAX_BYTES) return;
    bytes.copy(this.bytes, 0, 0, length);
    this.byteCount = length;
    this.head = head;
  }
}
