/*
 * Bytes taken four at a time. Labels and names are too short for the price of a call of Buffer.compare or Buffer.copy, and long enough
 * that looking at each byte is most of what a page costs. Stretches must be inside their views.
 */

export function viewOf(bytes: Uint8Array): DataView<ArrayBufferLike> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function equalBytes(a: DataView, startA: number, b: DataView, startB: number, length: number): boolean {
  const lastWord = length - 4;
  for (let i = 0; i < lastWord; i += 4) {
    if (a.getInt32(startA + i, true) !== b.getInt32(startB + i, true)) return false;
  }
  if (lastWord >= 0) return a.getInt32(startA + lastWord, true) === b.getInt32(startB + lastWord, true);
  for (let i = 0; i < length; i++) {
    if (a.getUint8(startA + i) !== b.getUint8(startB + i)) return false;
  }
  return true;
}

export function copyBytes(from: DataView, start: number, to: DataView, at: number, length: number): void {
  const lastWord = length - 4;
  let i = 0;
  for (; i <= lastWord; i += 4) to.setInt32(at + i, from.getInt32(start + i, true), true);
  for (; i < length; i++) to.setUint8(at + i, from.getUint8(start + i));
}
