import { IncomingMessage } from 'http';

/**
 * All of an answer, as text. By events: an iterator costs a short answer as much as all the rest of its reading.
 *
 * @param held told of each chunk; what it returns is waited for before more is read. What is complete waits for nothing
 * @throws what `tooLong` gives for more than `maxBytes`, and whatever breaks the answer off
 */
export function boundedText(
  response: IncomingMessage, maxBytes: number, tooLong: () => Error, held: (bytes: number) => Promise<void> | undefined = () => undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const waitFor = (turn: Promise<void> | undefined) => {
      if (!turn) return;
      response.pause();
      void turn.then(() => response.resume());
    };
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) response.destroy(tooLong());
      else waitFor(held(chunk.length));
    });
    response.on('end', () => resolve(Buffer.concat(chunks, bytes).toString('utf8')));
    response.on('error', reject);
  });
}
