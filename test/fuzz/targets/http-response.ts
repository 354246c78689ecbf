import { isDeepStrictEqual } from 'node:util';
import { HttpResponseReader } from '../../../src/runtime/scrape/http-response';
import { HttpResponseError } from '../../../src/runtime/scrape/http-response-error';
import { FuzzTarget } from '../target';

const MAX_BODY_BYTES = 16 * 1024;
/** One that asks for pages as they are, one for compressed ones. */
const readers = [false, true].map((acceptsGzip) => new HttpResponseReader(MAX_BODY_BYTES, undefined, acceptsGzip));

/** What a kubelet answers, cut anywhere by the network. */
export const httpResponse: FuzzTarget = {
  name: 'http-response',
  words: ['HTTP/1.1 200 OK\r\n', 'HTTP/1.1 100 Continue\r\n\r\n', 'Content-Length: ', 'Transfer-Encoding: chunked\r\n', 'Connection: close\r\n', 'Content-Encoding: gzip\r\n', '0\r\n\r\n', 'ffffffffffff\r\n', ';', ':', ' ', '\t'],
  check(input) {
    for (const reader of readers) {
      const whole = read(reader, input, input.length);
      const bytes = read(reader, input, 1);
      const pieces = read(reader, input, 1 + input.length % 97);
      if (!isDeepStrictEqual(whole, bytes) || !isDeepStrictEqual(whole, pieces)) {
        throw new Error(`depends on where it is cut: ${JSON.stringify([whole, bytes, pieces].map(({ body, ...rest }) => ({ ...rest, bytes: body.length })))}`);
      }
      if (whole.body.length > MAX_BODY_BYTES) throw new Error(`${whole.body.length} bytes of a body are held`);
    }
  },
};

function read(reader: HttpResponseReader, input: Buffer, pieceBytes: number) {
  reader.reset();
  let error: string | undefined;
  try {
    for (let at = 0; at < input.length && !reader.done; at += pieceBytes) reader.push(input.subarray(at, at + pieceBytes));
    if (!reader.done) reader.end();
  } catch (thrown) {
    if (!(thrown instanceof HttpResponseError)) throw thrown;
    error = thrown.reason;
  }
  // How much came before a mistake depends on the cuts.
  if (error !== undefined) return { error, body: Buffer.alloc(0) };
  return { status: reader.status, statusText: reader.statusText, body: Buffer.from(reader.body) };
}
