import { IncomingMessage } from 'http';

/**
 * All of an answer, as text. By events: an iterator costs a short answer as much as all the rest of its reading.
 *
 * @throws what `tooLong` gives for more than `maxBytes`, and whatever breaks the answer off
 */
export function boundedText(response: IncomingMessage, maxBytes: number, tooLong: () => Error): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) response.destroy(tooLong());
    });
    response.on('end', () => resolve(Buffer.concat(chunks, bytes).toString('utf8')));
    response.on('error', reject);
  });
}
