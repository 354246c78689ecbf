import { InvalidValueError } from './usage-error';
import { goQuote } from '../go-quote';

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // micro sign
  μs: 1_000n, // Greek letter mu
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const NANOSECONDS_PER_MS = 1_000_000;

/** Go counts nanoseconds in an int64. */
const MAX_NANOSECONDS = 2n ** 63n - 1n;

const TERM = /(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/y;

/**
 * Milliseconds of a Go duration such as `1m30s`, `1.5h` or `-250ms`; what is below a millisecond is a fraction.
 *
 * @throws InvalidValueError when a unit is missing or unknown, or the text is no duration that Go could hold
 */
export function parseDuration(text: string): number {
  const negative = text.startsWith('-');
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') {
    return 0;
  }
  const nanoseconds = sumOfTerms(unsigned, text);
  if (nanoseconds > MAX_NANOSECONDS + (negative ? 1n : 0n)) {
    throw invalid(text);
  }
  const ms = Number(nanoseconds) / NANOSECONDS_PER_MS;
  return negative && ms > 0 ? -ms : ms;
}

function sumOfTerms(unsigned: string, text: string): bigint {
  let sum = 0n;
  let at = 0;
  do {
    TERM.lastIndex = at;
    const [term, whole, fraction = '', unit] = TERM.exec(unsigned) ?? [];
    if (term === undefined) {
      throw invalid(text);
    }
    if (unit === '') {
      throw new InvalidValueError(`time: missing unit in duration ${goQuote(text)}`);
    }
    const scale = Object.hasOwn(NANOSECONDS, unit) ? NANOSECONDS[unit] : undefined;
    if (scale === undefined) {
      throw new InvalidValueError(`time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`);
    }
    sum += (BigInt(whole + fraction) * scale) / 10n ** BigInt(fraction.length);
    at += term.length;
  } while (at < unsigned.length);
  return sum;
}

function invalid(text: string): InvalidValueError {
  return new InvalidValueError(`time: invalid duration ${goQuote(text)}`);
}
