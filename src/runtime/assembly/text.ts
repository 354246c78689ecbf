/* Texts of ASCII that pages are compared with and rows consist of: the address of their bytes, and their length in front of them. */
import { equal } from './bytes';

/** No position. */
export const NOWHERE: usize = 0;

const ALIGNMENT: usize = 16;
let unused = memory.data(2048, 16);

export function text(ascii: string): usize {
  const at = unused + ALIGNMENT;
  store<u32>(at - 4, ascii.length);
  for (let i = 0; i < ascii.length; i++) store<u8>(at + i, <u8>ascii.charCodeAt(i));
  unused = at + ((<usize>ascii.length + 2 * ALIGNMENT) & ~(ALIGNMENT - 1));
  return at;
}

@inline
export function lengthOf(some: usize): usize {
  return load<u32>(some - 4);
}

@inline
export function standsAt(at: usize, some: usize): bool {
  return equal(at, some, lengthOf(some));
}

/** Returns where it ends; up to fifteen bytes more are written. */
@inline
export function writeText(at: usize, some: usize): usize {
  const length = lengthOf(some);
  for (let i: usize = 0; i < length; i += 16) v128.store(at + i, v128.load(some + i));
  return at + length;
}
