/** Number of the field, and its value: a number, or the bytes of a text or nested message. */
export type ProtobufField = readonly [number: number, value: number | Buffer];

/** Reads a protobuf message without knowing its type. */
export function protobufFields(message: Uint8Array): ProtobufField[] {
  const bytes = Buffer.from(message);
  const fields: ProtobufField[] = [];
  let position = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = bytes.readUInt8(position++);
      value += byte % 0x80 * factor;
      if (byte < 0x80) return value;
    }
  };
  while (position < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const value = varint();
    if (tag % 8 === 0) {
      fields.push([number, value]);
    } else if (tag % 8 === 2 && position + value <= bytes.length) {
      fields.push([number, bytes.subarray(position, position += value)]);
    } else {
      throw new Error(`no such field: tag ${tag}, ${value} bytes at ${position} of ${bytes.length}`);
    }
  }
  return fields;
}
