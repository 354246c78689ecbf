/* eslint-disable no-bitwise */
/** Who scrapes a node: the replica whose hash with it is greatest, so that nodes move only from those that go and to those that come. */
export function ownerOf(node: number, replicas: readonly number[]): number {
  let owner = replicas[0];
  let greatest = -1;
  for (const replica of replicas) {
    const weight = mix(node * 65_537 + replica);
    if (weight > greatest) [owner, greatest] = [replica, weight];
  }
  return owner;
}

/** Spreads a number over 32 bits (MurmurHash3's finalizer). */
function mix(number: number): number {
  let x = number | 0;
  x = Math.imul(x ^ x >>> 16, 0x85ebca6b);
  x = Math.imul(x ^ x >>> 13, 0xc2b2ae35);
  return (x ^ x >>> 16) >>> 0;
}
