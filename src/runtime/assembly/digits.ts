/* Integers as decimal digits. Each function writes up to sixteen bytes at `at`, and returns where what it wrote ends. */

const ZEROS: u64 = 0x3030303030303030;
const EIGHT_DIGITS: u64 = 100000000;

export function writeDigits(at: usize, value: u64): usize {
  if (value < EIGHT_DIGITS) return writeFewDigits(at, <u32>value);
  const high = value / EIGHT_DIGITS;
  const end = writeDigits(at, high);
  store<u64>(end, eightDigits(<u32>(value - high * EIGHT_DIGITS)));
  return end + 8;
}

/** Up to eight, without zeros in front. */
@inline
function writeFewDigits(at: usize, value: u32): usize {
  const digits = eightDigits(value);
  const zeros = value == 0 ? 7 : <usize>ctz(digits ^ ZEROS) >> 3;
  store<u64>(at, digits >> (<u64>zeros << 3));
  return at + 8 - zeros;
}

/** The digits of a number below 10^8, zeros in front, the first in the lowest byte: halves become quarters, and these bytes. */
@inline
export function eightDigits(value: u32): u64 {
  const upper = value / 10000;
  const four: u64 = <u64>upper | <u64>(value - upper * 10000) << 32;
  const hundreds: u64 = (four * 10486 >> 20) & 0x0000007f0000007f;
  const two: u64 = hundreds | (four - hundreds * 100) << 16;
  const tens: u64 = (two * 103 >> 10) & 0x000f000f000f000f;
  return (tens | (two - tens * 10) << 8) | ZEROS;
}

/** Of a number below 100, as two bytes. */
@inline
export function twoDigits(value: u32): u16 {
  const tens = value / 10;
  return <u16>(0x3030 | tens | (value - tens * 10) << 8);
}
