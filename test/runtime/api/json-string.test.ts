import * as fc from 'fast-check';
import { jsonString } from '../../../src/runtime/api/json-string';

test('is JSON, whatever the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
    expect(JSON.parse(jsonString(text))).toBe(text);
  }));
});

test('escapes what Go escapes', () => {
  expect(jsonString('a<b>&c\u2028\u2029')).toBe('"a\\u003cb\\u003e\\u0026c\\u2028\\u2029"');
  expect(jsonString('"\\\n')).toBe('"\\"\\\\\\n"');
});
