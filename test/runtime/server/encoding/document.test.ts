import * as fc from 'fast-check';
import { inBatches } from '../../../../src/runtime/server/encoding/document';

test('elements are joined to pieces of 64 KiB and what the last of each takes', () => {
  const element = fc.nat({ max: 3000 }).map(length => 'x'.repeat(length));
  fc.assert(fc.property(fc.array(element, { maxLength: 200, size: 'max' }), elements => {
    const pieces = [...inBatches(elements, ',')];
    expect(pieces.join('')).toBe(elements.join());
    for (const piece of pieces) expect(piece.length).toBeLessThan(64 * 1024 + 3001);
    for (const piece of pieces.slice(0, -1)) expect(piece.length).toBeGreaterThanOrEqual(64 * 1024);
  }));
});
