/* Texts of ASCII that pages are compared with: the address of their bytes, and their length in front of them. */
import { equal } from './bytes';

const ALIGNMENT: usize = 16;
let unused = memory.data(1024, 16);

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
