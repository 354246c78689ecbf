import * as fc from 'fast-check';
import { JsonLines } from '../../../src/runtime/cluster/json-lines';

describe('lines of JSON', () => {
  test('are the same however the bytes are cut', () => {
    fc.assert(fc.property(fc.array(fc.json()), fc.array(fc.nat(40)), (texts, cuts) => {
      const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
      const lines = new JsonLines(1_000_000);
      const values: unknown[] = [];
      let start = 0;
      for (const cut of [...cuts, bytes.length]) {
        values.push(...lines.push(bytes.subarray(start, start + cut)));
        start += cut;
      }
      expect(values).toEqual(texts.map((text) => JSON.parse(text)));
    }));
  });

  test('do not return what has no end', () => {
    expect([...new JsonLines(100).push(Buffer.from('1\n\n2\n3'))]).toEqual([1, 2]);
  });

  test('are bounded in length', () => {
    const lines = new JsonLines(100);
    const chunk = Buffer.alloc(40, '1');
    expect([...lines.push(chunk), ...lines.push(chunk)]).toEqual([]);
    expect(() => [...lines.push(chunk)]).toThrow('a line longer than 100 bytes');
  });
});
