import * as fc from 'fast-check';
import { goDuration } from '../../../../src/runtime/api/metrics/duration';
import { vectorsOf } from '../golden';

test.each(vectorsOf('window(ns)'))('%s ns are %s', (input, expected) => {
  expect(goDuration(Number(input))).toBe(JSON.parse(expected));
});

test('every nanosecond is kept', () => {
  const units: Record<string, bigint> = { h: 3600n * 10n ** 9n, m: 60n * 10n ** 9n, s: 10n ** 9n, ms: 10n ** 6n, µs: 1000n, ns: 1n };
  const parse = (duration: string) => {
    let nanoseconds = 0n;
    for (const [, whole, fraction = '', unit] of duration.matchAll(/(\d+)(?:\.(\d+))?(h|ms|m|s|µs|ns)/g)) {
      nanoseconds += BigInt(whole) * units[unit] + BigInt(fraction) * units[unit] / 10n ** BigInt(fraction.length);
    }
    return nanoseconds;
  };
  fc.assert(fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(2_000_000_000), fc.nat(2_000_000)), nanoseconds => {
    expect(parse(goDuration(nanoseconds))).toBe(BigInt(nanoseconds));
  }));
});
