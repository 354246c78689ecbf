/*
 * Bytes taken sixteen at a time. Up to fifteen bytes past the stretch in question are read, never looked at: there have to be as many
 * in memory behind everything that is compared or searched.
 */

export function equal(a: usize, b: usize, length: usize): bool {
  const end = a + length;
  for (; a + 16 <= end; a += 16, b += 16) {
    if (v128.any_true(v128.xor(v128.load(a), v128.load(b)))) return false;
  }
  return (i8x16.bitmask(i8x16.ne(v128.load(a), v128.load(b))) & ((1 << <i32>(end - a)) - 1)) == 0;
}

/** Where the next such byte stands, `end` when there is none before it. */
export function find(byte: u8, at: usize, end: usize): usize {
  const sought = i8x16.splat(byte);
  for (; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), sought));
    if (found != 0) return min(at + ctz(found), end);
  }
  return end;
}

/** Where such a byte stands, looking backwards from `at`; there has to be one. */
export function findLast(byte: u8, at: usize): usize {
  while (load<u8>(at) != byte) --at;
  return at;
}

/** Where the first byte stands that does not stand for itself inside quotes: see container-key.ts. */
export function plainEnd(at: usize): usize {
  let plain = plainBytes(at);
  while (plain == 0xffff) plain = plainBytes(at += 16);
  return at + ctz(~plain);
}

/** A bit for each of sixteen. */
@inline
function plainBytes(at: usize): i32 {
  const bytes = v128.load(at);
  // Signed: what is not ASCII is negative.
  const printable = v128.and(i8x16.gt_s(bytes, i8x16.splat(0x20)), i8x16.ne(bytes, i8x16.splat(0x7f)));
  const special = v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c)));
  return i8x16.bitmask(v128.andnot(printable, special));
}
