const START_BYTES = 1024;
const NOTHING = Buffer.alloc(0);

/** Longer texts are written faster by Node than letter by letter. */
const SHORT_TEXT = 64;

/** Wire types of protobuf. */
const VARINT = 0;
const DELIMITED = 2;

/** Writes protobuf messages forward, field by field; the length of a nested message is filled in at its end. */
export class ProtobufWriter {
  private buffer = NOTHING;
  private end = 0;
  private startBytes = START_BYTES;

  get length(): number {
    return this.end;
  }

  /** What is written so far. The writer begins anew. */
  take(): Uint8Array {
    const written = this.buffer.subarray(0, this.end);
    this.startBytes = Math.max(START_BYTES, this.end);
    this.buffer = NOTHING;
    this.end = 0;
    return written;
  }

  /** A number that is not negative, up to 2^53. */
  integer(field: number, value: number): void {
    this.varint(field * 8 + VARINT);
    this.varint(value);
  }

  text(field: number, text: string): void {
    const start = this.beginMessage(field);
    this.reserve(text.length * 3);
    if (text.length > SHORT_TEXT || !this.ascii(text)) this.end = start + this.buffer.write(text, start, 'utf8');
    this.endMessage(start);
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.lengthOf(field, bytes.length);
    this.raw(bytes);
  }

  /** The bytes themselves follow from elsewhere. */
  lengthOf(field: number, bytes: number): void {
    this.varint(field * 8 + DELIMITED);
    this.varint(bytes);
  }

  /** Fields that are encoded already. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** What is written from here on is in a nested message, until `endMessage` is given what this returns. */
  beginMessage(field: number): number {
    this.varint(field * 8 + DELIMITED);
    this.reserve(1);
    return ++this.end;
  }

  endMessage(start: number): void {
    const length = this.end - start;
    // One byte was left for the length; long ones need more.
    const more = varintBytes(length) - 1;
    if (more > 0) {
      this.reserve(more);
      this.buffer.copyWithin(start + more, start, this.end);
    }
    this.end = start - 1;
    this.varint(length);
    this.end += length;
  }

  private ascii(text: string): boolean {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      this.buffer[this.end + index] = code;
    }
    this.end += text.length;
    return true;
  }

  private varint(value: number): void {
    this.reserve(8);
    let rest = value;
    // Division, because shifts end at 32 bits.
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.buffer[this.end++] = rest % 0x80 + 0x80;
    this.buffer[this.end++] = rest;
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.startBytes, 2 * this.buffer.length, this.end + bytes));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}
