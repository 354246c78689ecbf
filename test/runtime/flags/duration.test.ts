import * as fc from 'fast-check';
import { parseDuration } from '../../../src/runtime/flags/duration';
import { InvalidValueError } from '../../../src/runtime/flags/usage-error';

/** Prints nanoseconds the way Go's Duration.String does. */
function print(nanoseconds: bigint): string {
  if (nanoseconds < 0n) {
    return `-${print(-nanoseconds)}`;
  }
  if (nanoseconds < 1_000_000_000n) {
    return nanoseconds < 1_000n ? `${nanoseconds}ns`
      : nanoseconds < 1_000_000n ? `${decimal(nanoseconds, 3)}µs`
        : `${decimal(nanoseconds, 6)}ms`;
  }
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 9)}s`;
  return minutes === 0n ? seconds : minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, places: number): string {
  const scale = 10n ** BigInt(places);
  return `${value / scale}.${(value % scale).toString().padStart(places, '0')}`.replace(/\.?0+$/, '');
}

test.each([
  ['1m0s', 60_000],
  ['1.5h', 5_400_000],
  ['100ms', 100],
  ['1us', 0.001],
  ['-2s', -2_000],
  ['0', 0],
])('%s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  ['20', 'time: missing unit in duration "20"'],
  ['1d', 'time: unknown unit "d" in duration "1d"'],
  ['', 'time: invalid duration ""'],
  ['2562048h', 'time: invalid duration "2562048h"'],
])('%j is refused', (text, problem) => {
  expect(() => parseDuration(text)).toThrow(new InvalidValueError(problem));
});

test('what Go prints is read back to the nanosecond', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (nanoseconds) => {
    expect(parseDuration(print(nanoseconds))).toBe(Number(nanoseconds) / 1_000_000);
  }));
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), (nanoseconds) => {
    expect(parseDuration(print(nanoseconds))).toBe(Number(nanoseconds) / 1_000_000);
  }));
});
