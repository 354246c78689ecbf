/* Numbers as ../scrape/decimal.ts reads them; NaN says that JavaScript has to. */

const MAX_DIGITS: i32 = 18;
const MAX_EXPONENT: i32 = 22;
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
const SPLITTER: f64 = 134217729;
const UNCERTAINTY: f64 = 1.0 / 1099511627776.0;

/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]);

/** Where the number ends that was read last. */
export let numberEnd: usize = 0;

/** A decimal number with a blank or the line's end behind it. */
export function readDecimal(start: usize): f64 {
  let at = afterSign(start);
  const first = at;
  at = readDigits(at, 0);
  let digits = <i32>(at - first);
  let exponent: i32 = 0;
  if (load<u8>(at) == 0x2e) {
    const fraction = at + 1;
    at = readDigits(fraction, mantissa);
    exponent = -<i32>(at - fraction);
    digits -= exponent;
  }
  if (digits == 0 || digits > MAX_DIGITS) return NaN;
  if ((load<u8>(at) | 0x20) == 0x65) {
    const sign = load<u8>(++at);
    if (sign == 0x2d || sign == 0x2b) ++at;
    const power = at;
    const magnitude = mantissa;
    at = readDigits(at, 0);
    if (at == power || at - power > 3) return NaN;
    exponent += sign == 0x2d ? -<i32>mantissa : <i32>mantissa;
    mantissa = magnitude;
  }
  if (!isBlankOrEnd(load<u8>(at))) return NaN;
  numberEnd = at;
  const magnitude = scaled(mantissa, exponent);
  return load<u8>(start) == 0x2d ? -magnitude : magnitude;
}

/** An integer with a blank or the line's end behind it. */
export function readInteger(start: usize): f64 {
  const first = afterSign(start);
  const end = readDigits(first, 0);
  if (end == first || <i32>(end - first) > MAX_DIGITS || !isBlankOrEnd(load<u8>(end))) return NaN;
  numberEnd = end;
  return load<u8>(start) == 0x2d ? -<f64>mantissa : <f64>mantissa;
}

@inline
function afterSign(at: usize): usize {
  const byte = load<u8>(at);
  return at + <usize>(byte == 0x2d || byte == 0x2b);
}

@inline
function isBlankOrEnd(byte: u8): bool {
  return byte == 0x20 || byte == 0x0a || byte == 0x09;
}

/** What the digits read last amount to; rubbish when they are more than 19. */
let mantissa: u64 = 0;

/** Appends the digits that stand here to `before`, and returns where they end. */
@inline
function readDigits(at: usize, before: u64): usize {
  let sum = before;
  for (let word = load<u64>(at); areDigits(word); word = load<u64>(at)) {
    sum = sum * 100000000 + eightDigits(word);
    at += 8;
  }
  for (let digit = <u32>load<u8>(at) - 0x30; digit < 10; digit = <u32>load<u8>(++at) - 0x30) sum = sum * 10 + digit;
  mantissa = sum;
  return at;
}

/** Whether all eight bytes are digits: their upper halves are 3, also when six is added to the lower ones. */
@inline
function areDigits(word: u64): bool {
  return ((word & 0xf0f0f0f0f0f0f0f0) | ((word + 0x0606060606060606 & 0xf0f0f0f0f0f0f0f0) >> 4)) == 0x3333333333333333;
}

/** Neighbours are put together to two digits, four, eight. */
@inline
function eightDigits(word: u64): u64 {
  word = (word & 0x0f0f0f0f0f0f0f0f) * 2561 >> 8;
  word = (word & 0x00ff00ff00ff00ff) * 6553601 >> 16;
  return (word & 0x0000ffff0000ffff) * 42949672960001 >> 32;
}

/** `integer * 10^exponent`, as strtod rounds it. */
@inline
function scaled(integer: u64, exponent: i32): f64 {
  if (exponent < -MAX_EXPONENT || exponent > MAX_EXPONENT) return NaN;
  const power = load<f64>(EXACT_POWERS + (<usize>abs(exponent) << 3));
  if (integer <= MAX_SAFE_INTEGER) return exponent < 0 ? <f64>integer / power : <f64>integer * power;
  return exponent < 0 ? longQuotient(integer, power) : NaN;
}

/** As its namesake of JavaScript; what the sum loses to rounding is found with integers here. */
function longQuotient(integer: u64, divisor: f64): f64 {
  const sum = <f64>integer;
  const lost = <f64>(<i64>integer - <i64>sum);
  const quotient = sum / divisor;
  const product = quotient * divisor;
  const remainder = sum - product - productError(quotient, divisor, product) + lost;
  const correction = remainder / divisor;
  const value = quotient + correction * (1 + UNCERTAINTY);
  return value == quotient + correction * (1 - UNCERTAINTY) ? value : NaN;
}

@inline
function productError(a: f64, b: f64, product: f64): f64 {
  const highA = highHalf(a);
  const highB = highHalf(b);
  const lowA = a - highA;
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

@inline
function highHalf(x: f64): f64 {
  const shifted = SPLITTER * x;
  return shifted - (shifted - x);
}
