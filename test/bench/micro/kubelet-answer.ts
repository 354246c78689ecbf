/** Bytes that Go's server writes at a time, and Node reads at a time. */
const CHUNK_BYTES = 4096;
const READ_BYTES = 16_384;

/** A page as a kubelet sends it, chunked, in pieces as they come out of TLS. */
export function kubeletAnswer(page: Buffer): readonly Buffer[] {
  const head = [
    'HTTP/1.1 200 OK', 'Cache-Control: no-cache, private', 'Content-Type: text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
    'Date: Sat, 21 Nov 2026 10:00:00 GMT', 'Transfer-Encoding: chunked', '', '',
  ].join('\r\n');
  const parts: Buffer[] = [Buffer.from(head)];
  for (let at = 0; at < page.length; at += CHUNK_BYTES) {
    const chunk = page.subarray(at, at + CHUNK_BYTES);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  const answer = Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
  return Array.from({ length: Math.ceil(answer.length / READ_BYTES) }, (_, i) => answer.subarray(i * READ_BYTES, (i + 1) * READ_BYTES));
}
