import * as fc from 'fast-check';
import { inBatches, textToJson, toJson } from '../../../../src/runtime/server/encoding/document';

test('text is written as any other value is', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('web-0', 'kube-system', 'a.b/c:d', '<&>', 'line\n', '"', '\u2028', ''));
  fc.assert(fc.property(text, value => { expect(textToJson(value)).toBe(toJson(value)); }), { numRuns: 2000 });
});

test('elements are joined to pieces of 500', () => {
  fc.assert(fc.property(fc.nat({ max: 1700 }), count => {
    const elements = Array.from({ length: count }, (_, i) => String(i));
    const pieces = [...inBatches(elements, ',')];
    expect(pieces.join('')).toBe(elements.join());
    expect(pieces).toHaveLength(Math.ceil(count / 500));
  }));
});
