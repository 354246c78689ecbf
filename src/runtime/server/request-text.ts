import { IncomingMessage } from 'node:http';

/** Far more than any page takes. */
const MAX_BYTES = 1024;

/** The beginning of a request's body. It is read to its end, and at once: what the connection brings behind it must not wait. */
export function requestText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let start = Buffer.alloc(0);
    request.on('data', (chunk: Buffer) => {
      if (start.length < MAX_BYTES) start = Buffer.concat([start, chunk]).subarray(0, MAX_BYTES);
    });
    request.once('end', () => resolve(start.toString()));
  });
}
