import * as fc from 'fast-check';
import { textToJson, toJson } from '../../../../src/runtime/server/encoding/json-text';

test('text is written as any other value is', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('web-0', 'kube-system', 'a.b/c:d', '<&>', 'line\n', '"', '\u2028', ''));
  fc.assert(fc.property(text, value => { expect(textToJson(value)).toBe(toJson(value)); }), { numRuns: 2000 });
});
