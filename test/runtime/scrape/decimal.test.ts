import * as fc from 'fast-check';
import { decimal, whole } from '../../../src/runtime/scrape/decimal';

/** As a cursor reads digits: nine into the first number, the others into the second. */
function read(digits: string): [head: number, tail: number, digits: number] {
  return [Number(digits.slice(0, 9)), Number(digits.slice(9, 18)), digits.length];
}

const exponent = fc.integer({ min: -25, max: 25 });
const digitsOf = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));

test('integers are what Number says', () => {
  fc.assert(fc.property(digitsOf(1, 18), digits => { expect(whole(...read(digits))).toBe(Number(digits)); }), { numRuns: 2000 });
  expect(whole(...read('1'.repeat(19)))).toBe(Infinity);
});

test('decimals are what Number says, or left to Number', () => {
  fc.assert(fc.property(digitsOf(1, 20), exponent, (digits, power) => {
    const value = decimal(...read(digits), power);
    if (!Number.isNaN(value)) expect(value).toBe(Number(`${digits}e${power}`));
  }), { numRuns: 20_000 });
});

test('next to the middle between two doubles they are what Number says, or left to Number', () => {
  // Above 2^54 doubles are 4 apart.
  const middle = fc.bigInt({ min: 2n ** 52n, max: 10n ** 17n }).map(quarter => 4n * quarter + 2n);
  fc.assert(fc.property(middle, fc.integer({ min: -2, max: 2 }), fc.integer({ min: -22, max: -1 }), (mantissa, off, power) => {
    const digits = String(mantissa + BigInt(off));
    const value = decimal(...read(digits), power);
    if (!Number.isNaN(value)) expect(value).toBe(Number(`${digits}e${power}`));
  }), { numRuns: 20_000 });
});

test.each([
  ['up to 15 digits', digitsOf(1, 15), fc.integer({ min: -22, max: 22 })],
  ['times of start as kubelets write them: 1.7952297400481648e+09', digitsOf(16, 16).map(digits => `1${digits}`), fc.constant(-7)],
])('what pages hold is not left to Number: %s', (_, digits, power) => {
  fc.assert(fc.property(digits, power, (text, p) => { expect(decimal(...read(text), p)).toBe(Number(`${text}e${p}`)); }), { numRuns: 5000 });
});
