/* The rows of a page: one for each container, known by the text of its labels, which stays where it is in the body. */
import { equal } from './bytes';

export const MAX_ROWS: i32 = 4096;
const MAX_KEY_BYTES: usize = 512;
export const SLOTS: i32 = 8192;
const SLOT_BITS: u64 = 13;

export const TIMESTAMP = memory.data(MAX_ROWS * 8, 16);
export const CPU = memory.data(MAX_ROWS * 8, 16);
export const MEMORY = memory.data(MAX_ROWS * 8, 16);
export const SWAP = memory.data(MAX_ROWS * 8, 16);
export const START = memory.data(MAX_ROWS * 8, 16);
export const KEY_START = memory.data(MAX_ROWS * 4, 16);
export const KEY_LENGTH = memory.data(MAX_ROWS * 4, 16);

/** Rows by hash. A slot is in use when the row in it is one of the page's and points back at it, so that none has to be emptied. */
export const SLOT_ROW = memory.data(SLOTS * 2, 16);
export const ROW_SLOT = memory.data(MAX_ROWS * 2, 16);

/** Random, one for each four bytes of a key and one for its length: written before anything is decoded. */
export const MULTIPLIERS_BYTES: i32 = 8 * 129;
export const MULTIPLIERS = memory.data(MULTIPLIERS_BYTES, 16);

export let rows: i32 = 0;

export function clearRows(): void {
  rows = 0;
}

@inline
export function keyLength(row: i32): usize {
  return load<u32>(KEY_LENGTH + (<usize>row << 2));
}

/** Whether the labels that begin here are those of the row, up to the brace. */
@inline
export function isRow(row: i32, start: usize): bool {
  const length = keyLength(row);
  return load<u8>(start + length) == 0x7d && equal(load<u32>(KEY_START + (<usize>row << 2)), start, length);
}

/** The row of these labels, a new one when they are new; -1 when they are too long, or the rows too many. */
export function rowOf(start: usize, length: usize): i32 {
  if (length > MAX_KEY_BYTES) return -1;
  let slot = hash(start, length);
  let row = rowIn(slot);
  while (row >= 0 && !isRow(row, start)) row = rowIn(slot = (slot + 1) & (<u32>SLOTS - 1));
  return row < 0 ? addRow(slot, start, length) : row;
}

/** -1 when the slot is free. */
@inline
function rowIn(slot: u32): i32 {
  const row = <i32>load<u16>(SLOT_ROW + (<usize>slot << 1));
  return row < rows && load<u16>(ROW_SLOT + (<usize>row << 1)) == <u16>slot ? row : -1;
}

function addRow(slot: u32, start: usize, length: usize): i32 {
  const row = rows;
  if (row == MAX_ROWS) return -1;
  rows = row + 1;
  store<u16>(SLOT_ROW + (<usize>slot << 1), <u16>row);
  store<u16>(ROW_SLOT + (<usize>row << 1), <u16>slot);
  store<u32>(KEY_START + (<usize>row << 2), <u32>start);
  store<u32>(KEY_LENGTH + (<usize>row << 2), <u32>length);
  const number = <usize>row << 3;
  store<f64>(TIMESTAMP + number, NaN);
  store<f64>(CPU + number, NaN);
  store<f64>(MEMORY + number, NaN);
  store<f64>(SWAP + number, NaN);
  store<f64>(START + number, NaN);
  return row;
}

/** Multilinear: who does not know the multipliers finds no names that meet more often than by chance. */
function hash(start: usize, length: usize): u32 {
  let multiplier = MULTIPLIERS;
  let sum = load<u64>(multiplier) * <u64>length;
  const end = start + length;
  let at = start;
  for (; at + 4 <= end; at += 4) sum += load<u64>(multiplier += 8) * <u64>load<u32>(at);
  if (at < end) sum += load<u64>(multiplier + 8) * <u64>(load<u32>(at) & ((1 << (<u32>(end - at) << 3)) - 1));
  return <u32>(sum >> (64 - SLOT_BITS));
}
