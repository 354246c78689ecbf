import * as fc from 'fast-check';
import { Quantity } from '../../../src/runtime/custom-metrics/quantity';

test.each([
  ['0', '0'], ['-0', '0'], ['10', '10'], ['1500', '1500'], ['2000', '2k'], ['250m', '250m'], ['0.25', '250m'], ['.5', '500m'], ['1.', '1'], ['+7', '7'],
  ['1e3', '1k'], ['1E3', '1k'], ['3E', '3E'], ['15e-1', '1500m'], ['64Mi', '67108864'], ['1.5Ki', '1536'], ['-250m', '-250m'], ['1000n', '1u'],
])('%s is %s', (text, canonical) => {
  expect(Quantity.parse(text).toString()).toBe(canonical);
});

test('what is finer than a billionth is rounded away from zero, what is too large is cut', () => {
  expect(String(Quantity.parse('1.0000000001'))).toBe('1000000001n');
  expect(String(Quantity.parse('-1e-30'))).toBe('-1n');
  expect(String(Quantity.parse('1e30'))).toBe('9223372036854775807');
  expect(String(Quantity.parse('-1e999999999'))).toBe('-9223372036854775807');
});

test.each(['', 'm', '1 ', '1mm', '1x', '0x10', '1e', '1Mi2', 'NaN', '1,5'])('%j is refused, with what would be right', (text) => {
  expect(() => Quantity.parse(text)).toThrow(`${JSON.stringify(text)} is not a quantity: give a number, with a suffix if need be: 250m, 1.5, 2k, 64Mi`);
});

test('a text is a quantity up to 64 characters, whatever it says', () => {
  expect(String(Quantity.parse(`0.${'1'.repeat(62)}`))).toBe('111111112n');
  expect(() => Quantity.parse(`0.${'1'.repeat(63)}`)).toThrow('a text of 65 characters is not a quantity: give up to 64');
});

test('numbers mean the decimal they print as', () => {
  expect(String(Quantity.of(0.1))).toBe('100m');
  expect(String(Quantity.of(1e-7))).toBe('100n');
  expect(String(Quantity.of(1e21))).toBe('9223372036854775807');
  expect(String(Quantity.of(2n ** 60n))).toBe('1152921504606846976');
  expect(String(Quantity.ofMilli(1500n))).toBe('1500m');
  for (const value of [NaN, Infinity, -Infinity]) expect(() => Quantity.of(value)).toThrow(RangeError);
});

test('the canonical form says the same, and numbers up to fifteen digits come back', () => {
  fc.assert(fc.property(fc.bigInt(-(10n ** 24n), 10n ** 24n), fc.constantFrom('', 'n', 'u', 'm', 'k'), (integer, suffix) => {
    const quantity = Quantity.parse(`${integer}${suffix}`);
    expect(String(Quantity.parse(String(quantity)))).toBe(String(quantity));
  }));
  fc.assert(fc.property(fc.integer(), fc.integer({ min: 0, max: 6 }), (digits, places) => {
    const value = Number(`${digits}e-${places}`);
    expect(Quantity.of(value).toNumber()).toBe(value === 0 ? 0 : value);
  }));
});

test('JSON holds its text', () => {
  expect(JSON.stringify({ value: Quantity.parse('0.5') })).toBe('{"value":"500m"}');
});
