import * as fc from 'fast-check';

type Edit = (bytes: Buffer) => Buffer;

/** What has been too much for parsers before, in any format. */
const WORDS = ['', '0', '-1', '-0.5', '1e999', 'NaN', '+Inf', '9223372036854775808', '\0', '\n', '\r\n', '\n\n', '"', '\\', '{', '}', '\xff\xfe', '😀'];
/** As large as a kubelet's page, and small enough for many tries a second. */
const MAX_BYTES = 64 * 1024;
const FEW_EDITS = 2;
const MAX_EDITS = 12;

/** An input of the corpus with bytes flipped, cut out, put in, doubled, or taken from another one. Without edits it is as it was. */
export function mutated(corpus: readonly Buffer[], words: readonly string[]): fc.Arbitrary<Buffer> {
  // Evenly: of all doubles below 1, most are next to 0, and fast-check prefers small numbers.
  const place = fc.noBias(fc.nat({ max: 2 ** 20 - 1 }).map((part) => part / 2 ** 20));
  const at = (position: number, bytes: Buffer): number => Math.floor(position * bytes.length);
  const replaced = (bytes: Buffer, start: number, end: number, by: Uint8Array): Buffer => (
    Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]).subarray(0, MAX_BYTES)
  );
  const length = fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 256 }), fc.nat({ max: 8192 }));
  const edits: fc.Arbitrary<Edit> = fc.oneof(
    fc.tuple(place, fc.nat({ max: 7 })).map(([position, bit]): Edit => (bytes) => {
      const flipped = Buffer.from(bytes);
      // eslint-disable-next-line no-bitwise
      if (flipped.length > 0) flipped[Math.min(at(position, bytes), bytes.length - 1)] ^= 1 << bit;
      return flipped;
    }),
    fc.tuple(place, fc.constantFrom(...WORDS, ...words)).map(([position, word]): Edit => (bytes) => (
      replaced(bytes, at(position, bytes), at(position, bytes), Buffer.from(word))
    )),
    fc.tuple(place, fc.constantFrom(...WORDS, ...words)).map(([position, word]): Edit => (bytes) => (
      replaced(bytes, at(position, bytes), at(position, bytes) + word.length, Buffer.from(word))
    )),
    fc.tuple(place, fc.constantFrom(...WORDS, ...words)).map(([position, word]): Edit => (bytes) => {
      const [start, end] = tokenAround(at(position, bytes), bytes);
      return replaced(bytes, start, end, Buffer.from(word));
    }),
    fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([position, some]): Edit => (bytes) => (
      replaced(bytes, at(position, bytes), at(position, bytes), some)
    )),
    fc.tuple(place, length).map(([position, count]): Edit => (bytes) => (
      replaced(bytes, at(position, bytes), at(position, bytes) + count, Buffer.alloc(0))
    )),
    fc.tuple(place, length, fc.integer({ min: 1, max: 20 })).map(([position, count, times]): Edit => (bytes) => {
      const piece = bytes.subarray(at(position, bytes), at(position, bytes) + count);
      return replaced(bytes, at(position, bytes), at(position, bytes), Buffer.concat(Array.from({ length: times }, () => piece)));
    }),
    fc.tuple(place, place, length, fc.constantFrom(...corpus)).map(([position, from, count, other]): Edit => (bytes) => (
      replaced(bytes, at(position, bytes), at(position, bytes), other.subarray(at(from, other), at(from, other) + count))
    )),
    place.map((position): Edit => (bytes) => bytes.subarray(0, at(position, bytes))),
  );
  // Many edits are refused soon: what gets further has few.
  const some = fc.oneof(fc.array(edits, { maxLength: FEW_EDITS }), fc.array(edits, { maxLength: MAX_EDITS }));
  return fc.tuple(fc.constantFrom(...corpus), some)
    .map(([input, chosen]) => chosen.reduce((bytes, edit) => edit(bytes), input));
}

/** The number or name that is there, or the place alone. */
function tokenAround(position: number, bytes: Buffer): [start: number, end: number] {
  const isPart = (index: number): boolean => /[\w.+-]/.test(String.fromCharCode(bytes[index] ?? 0));
  let [start, end] = [position, position];
  while (start > 0 && isPart(start - 1)) start--;
  while (end < bytes.length && isPart(end)) end++;
  return [start, end];
}
