/* Quantities as ../api/metrics/quantity.ts writes them; NOWHERE for what is no integer that a double holds exactly. */
import { writeDigits } from './digits';
import { NOWHERE } from './text';

const MAX_SAFE_INTEGER: f64 = 9007199254740991;

/** The letters of the suffixes, one after the other by their power; 0 for none. No safe integer gets past them. */
const DECIMAL_LETTERS = memory.data<u8>([0x6e, 0x75, 0x6d, 0, 0x6b, 0x4d, 0x47, 0x54, 0x50]);
const ONES = DECIMAL_LETTERS + 3;
const BINARY_LETTERS = memory.data<u8>([0, 0x4b, 0x4d, 0x47, 0x54, 0x50]);
const ZERO: u8 = 0x30;
const BINARY: u8 = 0x69;

export function writeCpuQuantity(at: usize, nanocores: f64): usize {
  return isWhole(nanocores) ? writeDecimal(at, <u64>nanocores, DECIMAL_LETTERS) : NOWHERE;
}

export function writeMemoryQuantity(at: usize, bytes: f64): usize {
  if (!isWhole(bytes)) return NOWHERE;
  return bytes < 1024 ? writeDecimal(at, <u64>bytes, ONES) : writeBinary(at, <u64>bytes);
}

@inline
function isWhole(value: f64): bool {
  return value >= 0 && value <= MAX_SAFE_INTEGER && floor(value) == value;
}

function writeDecimal(at: usize, value: u64, letter: usize): usize {
  if (value == 0) return writeZero(at);
  for (; value % 1000 == 0; value /= 1000) ++letter;
  const end = writeDigits(at, value);
  store<u8>(end, load<u8>(letter));
  return end + <usize>(load<u8>(letter) != 0);
}

/** Of a number that is not 0. */
function writeBinary(at: usize, value: u64): usize {
  let letter = BINARY_LETTERS;
  for (; value % 1024 == 0; value /= 1024) ++letter;
  const end = writeDigits(at, value);
  if (load<u8>(letter) == 0) return end;
  store<u8>(end, load<u8>(letter));
  store<u8>(end + 1, BINARY);
  return end + 2;
}

@inline
function writeZero(at: usize): usize {
  store<u8>(at, ZERO);
  return at + 1;
}
