import { protocol } from './http-response-error';

/** More bytes than any answer may have. */
const MAX_DIGITS = 12;

/**
 * The size of a chunk in the line before it: hexadecimal digits, and extensions behind them that mean nothing here.
 *
 * @throws HttpResponseError
 */
export function chunkSize(bytes: Buffer, start: number, end: number): number {
  let size = 0;
  let at = start;
  for (; at < end && at - start < MAX_DIGITS; at++) {
    const digit = hexDigit(bytes[at]);
    if (digit < 0) break;
    size = size * 16 + digit;
  }
  const isAlone = at === end || /^[ \t]*(?:;.*)?$/.test(bytes.toString('latin1', at, end));
  if (at === start || !isAlone) throw protocol('a chunk of the body has no size', bytes.toString('latin1', start, end));
  return size;
}

/** -1 when it is none. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x61 + 10;
  return byte >= 0x41 && byte <= 0x46 ? byte - 0x41 + 10 : -1;
}
