import { ByteWriter } from './byte-writer';

/** Wire types of protobuf. */
const VARINT = 0;
const DELIMITED = 2;

/** Writes protobuf messages forward, field by field; the length of a nested message is filled in at its end. */
export class ProtobufWriter extends ByteWriter {
  /** A number that is not negative, up to 2^53. @throws RangeError for others, which would break the whole message */
  integer(field: number, value: number): void {
    if (!(value >= 0)) throw new RangeError(`${value} is no integer of field ${field}: give one from 0`);
    this.varint(field * 8 + VARINT);
    this.varint(value);
  }

  text(field: number, text: string): void {
    const start = this.beginMessage(field);
    this.utf8(text);
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

  /** What is written from here on is in a nested message, until `endMessage` is given what this returns. */
  beginMessage(field: number): number {
    this.varint(field * 8 + DELIMITED);
    this.reserve(1);
    return ++this.end;
  }

  endMessage(start: number): void {
    const length = this.end - start;
    if (length <= 0x7f) {
      this.buffer[start - 1] = length;
      return;
    }
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

  private varint(value: number): void {
    if (value <= 0x7f) return this.byte(value);
    this.reserve(8);
    let rest = value;
    // Neither shifts, which end at 32 bits, nor the operator `%`, which is slow beyond them.
    while (rest > 0x7f) {
      const higher = Math.floor(rest / 0x80);
      this.buffer[this.end++] = rest - higher * 0x80 + 0x80;
      rest = higher;
    }
    this.buffer[this.end++] = rest;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}
