/** Digits are read into two integers that processors add and multiply fast: so many into the first, as many into the second. */
export const HEAD_DIGITS = 9;
export const MAX_DIGITS = 18;

/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Veltkamp's constant, which splits a double into halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1;
/** Far more than the error of the correction below, far less than what decides in all but the rarest cases. */
const UNCERTAINTY = 2 ** -40;

/** The integer with so many digits: the first nine are `head`, the others `tail`. Infinity when there are more than 18. */
export function whole(head: number, tail: number, digits: number): number {
  if (digits <= HEAD_DIGITS) return head;
  return digits <= MAX_DIGITS ? head * EXACT_POWERS[digits - HEAD_DIGITS] + tail : Infinity;
}

/** That integer times `10^exponent`, as strtod rounds it; NaN where this needs more than a few operations on doubles. */
export function decimal(head: number, tail: number, digits: number, exponent: number): number {
  if (digits > MAX_DIGITS || exponent < -22 || exponent > 22) return NaN;
  const mantissa = whole(head, tail, digits);
  // A single operation on exact numbers rounds once.
  if (mantissa <= Number.MAX_SAFE_INTEGER) return exponent < 0 ? mantissa / EXACT_POWERS[-exponent] : mantissa * EXACT_POWERS[exponent];
  return exponent < 0 ? longQuotient(head * EXACT_POWERS[digits - HEAD_DIGITS], tail, EXACT_POWERS[-exponent]) : NaN;
}

/**
 * `(high + low) / divisor`, rounded once although the sum is not exact: for times of start, which have 17 digits. `high` is exact
 * as nine digits times a power of ten are: without its factors of two it is below 2^53.
 *
 * The quotient of the rounded numbers is corrected by its remainder, which is computed exactly. Ziv's test: when the sum is the same
 * with a slightly greater and a slightly smaller correction, it is the right one, otherwise NaN.
 */
function longQuotient(high: number, low: number, divisor: number): number {
  const sum = high + low;
  const lost = low - (sum - high);
  const quotient = sum / divisor;
  const product = quotient * divisor;
  const remainder = sum - product - productError(quotient, divisor, product) + lost;
  const correction = remainder / divisor;
  const value = quotient + correction * (1 + UNCERTAINTY);
  return value === quotient + correction * (1 - UNCERTAINTY) ? value : NaN;
}

/** What `a * b` loses to rounding, exactly (Dekker). */
function productError(a: number, b: number, product: number): number {
  const highA = highHalf(a);
  const highB = highHalf(b);
  const lowA = a - highA;
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

function highHalf(x: number): number {
  const shifted = SPLITTER * x;
  return shifted - (shifted - x);
}
