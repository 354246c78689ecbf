import * as fc from 'fast-check';
import { inBatches, textToJson, toJson } from '../../../../src/runtime/server/encoding/document';

test('text is written as any other value is', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('web-0', 'kube-system', 'a.b/c:d', '<&>', 'line\n', '"', '\u2028', ''));
  fc.assert(fc.property(text, value => { expect(textToJson(value)).toBe(toJson(value)); }), { numRuns: 2000 });
});

test('elements are joined to pieces of 64 KiB and what the last of each takes', () => {
  const element = fc.nat({ max: 3000 }).map(length => 'x'.repeat(length));
  fc.assert(fc.property(fc.array(element, { maxLength: 200, size: 'max' }), elements => {
    const pieces = [...inBatches(elements, ',')];
    expect(pieces.join('')).toBe(elements.join());
    for (const piece of pieces) expect(piece.length).toBeLessThan(64 * 1024 + 3001);
    for (const piece of pieces.slice(0, -1)) expect(piece.length).toBeGreaterThanOrEqual(64 * 1024);
  }));
});
