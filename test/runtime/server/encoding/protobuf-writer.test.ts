import * as fc from 'fast-check';
import { ProtobufField, protobufFields } from './protobuf-fields';
import { ProtobufWriter } from '../../../../src/runtime/server/encoding/protobuf-writer';

type Field = { number: number; value: number | string | Field[] };

const { message } = fc.letrec<{ field: Field; message: Field[] }>((tie) => ({
  message: fc.array(tie('field'), { maxLength: 5 }),
  field: fc.record({
    number: fc.integer({ min: 1, max: 2 ** 20 }),
    value: fc.oneof({ maxDepth: 3 }, fc.maxSafeNat(), fc.string({ unit: 'binary', maxLength: 100 }), fc.constantFrom('ä'.repeat(64), 'x'.repeat(20_000)), tie('message')),
  }),
}));

function write(writer: ProtobufWriter, fields: readonly Field[]): void {
  for (const { number, value } of fields) {
    if (typeof value === 'number') {
      writer.integer(number, value);
    } else if (typeof value === 'string') {
      writer.text(number, value);
    } else {
      const start = writer.beginMessage(number);
      write(writer, value);
      writer.endMessage(start);
    }
  }
}

/** What was written, read back by the types that it was written with. */
function read(fields: readonly ProtobufField[], like: readonly Field[]): Field[] {
  return fields.map(([number, value], index) => {
    const expected = like[index]?.value;
    if (typeof value === 'number') return { number, value };
    return { number, value: typeof expected === 'string' ? value.toString() : read(protobufFields(value), expected as Field[]) };
  });
}

test('what is written is read again', () => {
  fc.assert(fc.property(message, message, (first, second) => {
    const writer = new ProtobufWriter();
    for (const fields of [first, second]) {
      write(writer, fields);
      expect(read(protobufFields(writer.take()), fields)).toEqual(fields);
    }
  }));
});

test.each([0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])('a message of %d bytes', (length) => {
  const writer = new ProtobufWriter();
  const start = writer.beginMessage(1);
  writer.raw(Buffer.alloc(length, 'x'));
  writer.endMessage(start);
  writer.integer(2, length);
  const [[, content], ...rest] = protobufFields(writer.take());
  expect(Buffer.alloc(length, 'x').equals(content as Buffer)).toBe(true);
  expect(rest).toEqual([[2, length]]);
});

test.each([-1, NaN])('%d is no integer', (value) => {
  expect(() => new ProtobufWriter().integer(4, value)).toThrow(`${value} is no integer of field 4: give one from 0`);
});

test('taken bytes stay as they are when more is written', () => {
  const writer = new ProtobufWriter();
  writer.text(1, 'first');
  const first = writer.take();
  writer.text(1, 'other');
  expect(protobufFields(first)).toEqual([[1, Buffer.from('first')]]);
});

test('nothing is lost where the buffer ends and another takes its place', () => {
  const nested = '\x12\x03\x0a\x010';
  for (let offset = 0; offset < nested.length; offset++) {
    const writer = new ProtobufWriter();
    writer.raw(Buffer.alloc(offset));
    for (let i = 0; i < 1000; i++) {
      const start = writer.beginMessage(2);
      writer.text(1, '0');
      writer.endMessage(start);
    }
    expect(Buffer.from(writer.take()).subarray(offset).toString('latin1')).toBe(nested.repeat(1000));
  }
});
