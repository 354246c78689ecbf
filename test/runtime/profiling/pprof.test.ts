import { gunzipSync } from 'node:zlib';
import { CallFrame, encodePprof } from '../../../src/runtime/profiling/pprof';

/** The fields of a message, numbers and bytes, in their order. */
function fieldsOf(bytes: Uint8Array): [field: number, value: number | Uint8Array][] {
  const fields: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag % 8 === 0) {
      fields.push([Math.floor(tag / 8), varint()]);
    } else {
      const length = varint();
      fields.push([Math.floor(tag / 8), bytes.subarray(at, at += length)]);
    }
  }
  return fields;
}

const main: CallFrame = { functionName: 'main', url: 'file:///m.js', lineNumber: 0 };
const work: CallFrame = { functionName: 'work', url: 'file:///m.js', lineNumber: 41 };
const anonymous: CallFrame = { functionName: '', url: '', lineNumber: -1 };

test('stacks, their values, functions and texts are found again', () => {
  const profile = fieldsOf(gunzipSync(encodePprof({
    sampleTypes: [{ type: 'samples', unit: 'count' }, { type: 'cpu', unit: 'nanoseconds' }],
    samples: [{ frames: [work, main], values: [3, 3e6] }, { frames: [anonymous, main], values: [1, 1e6] }],
    timeMs: Date.parse('2026-01-01T00:00:00Z'),
    durationMs: 1500,
    periodType: { type: 'cpu', unit: 'nanoseconds' },
    period: 1e6,
  })));
  const all = (field: number) => profile.filter(([number]) => number === field).map(([, value]) => value as Uint8Array);
  const texts = all(6).map((text) => Buffer.from(text).toString());
  const ids = (message: Uint8Array, field: number) => fieldsOf(message).filter(([number]) => number === field).map(([, value]) => value as number);
  const functionNames = new Map(all(5).map((message) => [ids(message, 1)[0], texts[ids(message, 2)[0]]]));
  const lines = new Map(all(4).map((message) => {
    const [, line] = fieldsOf(message).find(([number]) => number === 4)!;
    return [ids(message, 1)[0], `${functionNames.get(ids(line as Uint8Array, 1)[0])}:${ids(line as Uint8Array, 2)[0]}`];
  }));
  expect(texts[0]).toBe('');
  expect(all(1).map((type) => `${texts[ids(type, 1)[0]]}/${texts[ids(type, 2)[0]]}`)).toEqual(['samples/count', 'cpu/nanoseconds']);
  expect(all(2).map((sample) => [ids(sample, 1).map((id) => lines.get(id)), ids(sample, 2)])).toEqual([
    [['work:42', 'main:1'], [3, 3e6]], [['(anonymous):0', 'main:1'], [1, 1e6]],
  ]);
  expect([profile.find(([number]) => number === 9)?.[1], profile.find(([number]) => number === 10)?.[1]]).toEqual([1_767_225_600_000 * 1e6, 1.5e9]);
});
