import * as fc from 'fast-check';
import { KeyTable, MAX_KEY_BYTES } from '../../../src/runtime/scrape/key-table';

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

test('a table behaves as a Map from text to id, whatever comes and goes', () => {
  const key = fc.oneof(fc.constantFrom('a', 'b', 'ab', 'ba', 'a'.repeat(MAX_KEY_BYTES)), fc.string({ minLength: 1, maxLength: 40 }), fc.nat({ max: 300 }).map(String));
  const step = fc.record({ key, remove: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { maxLength: 400, size: 'max' }), fc.constantFrom(Math.random, () => 0), (steps, random) => {
    const table = new KeyTable(random);
    const model = new Map<string, number>();
    for (const { key: text, remove } of steps) {
      const source = bytes(`>${text}<`);
      const found = table.find(source, 1, source.length - 1);
      expect(found).toBe(model.get(text) ?? -1);
      if (remove && found >= 0) {
        table.delete(found);
        model.delete(text);
      } else if (!remove && found < 0) {
        const id = table.add(source, 1, source.length - 1);
        expect([...model.values()]).not.toContain(id);
        model.set(text, id);
      }
      expect(table.size).toBe(model.size);
    }
    for (const [text, id] of model) expect(table.key(id).toString()).toBe(text);
  }), { numRuns: 100 });
});

test('ids stay dense and memory is used again when keys come and go', () => {
  const table = new KeyTable(Math.random);
  for (let round = 0; round < 50; round++) {
    const ids = Array.from({ length: 100 }, (_, i) => table.add(bytes(`round ${round} key ${i}`), 0, `round ${round} key ${i}`.length));
    expect(Math.max(...ids)).toBeLessThan(100);
    ids.forEach(id => table.delete(id));
  }
  expect(table.buffer.length).toBeLessThan(16 * 1024);
});

test('a cleared table is empty and works on', () => {
  const table = new KeyTable(Math.random);
  for (let i = 0; i < 50_000; i++) table.add(bytes(`key ${i}`), 0, `key ${i}`.length);
  table.clear();
  expect(table.size).toBe(0);
  expect(table.find(bytes('key 7'), 0, 5)).toBe(-1);
  expect(table.add(bytes('key 7'), 0, 5)).toBe(0);
  expect(table.find(bytes('key 7'), 0, 5)).toBe(0);
});

test('a key that is too long is refused', () => {
  expect(() => new KeyTable(Math.random).add(Buffer.alloc(513, 'a'), 0, 513)).toThrow('key of 513 bytes, 512 at most');
});
