import * as fc from 'fast-check';
import { quantityValue } from '../../src/validation/_quantity';

test.each([
  ['0', 0], ['1', 1], ['.5', 0.5], ['5.', 5], ['100m', 0.1], ['0.1', 0.1], ['40500u', 0.0405], ['1k', 1000], ['1e3', 1000], ['1E3', 1000],
  ['2E', 2e18], ['200Mi', 200 * 1024 ** 2], ['1Ki', 1024], ['-1', -1], ['+1', 1],
])('%s is %d', (text, value) => {
  expect(quantityValue(text)).toBe(value);
});

test.each(['', 'm', '1 m', '200MB', '1mi', '0x10', '1e3m', 'Infinity', 'NaN', '1,5'])('%p is no quantity', (text) => {
  expect(quantityValue(text)).toBeUndefined();
});

test('thousandths and thousands of the same amount are equal', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), (n) => quantityValue(`${n}m`) === quantityValue(String(n / 1000))));
});
