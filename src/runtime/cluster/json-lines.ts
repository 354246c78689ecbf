import { TransportError } from './transport-error';

const NEWLINE = 0x0a;

/** Cuts a stream of bytes into its lines. Chunks may end anywhere, inside a character too. */
export class JsonLines {
  private readonly pending: Buffer[] = [];
  private pendingBytes = 0;

  constructor(private readonly maxLineBytes: number) {}

  /** The values that this chunk completes. A line that never ends is not returned. */
  *push(chunk: Buffer): Generator<unknown> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.keep(chunk.subarray(start, end));
      start = end + 1;
      const line = this.pending.length === 1 ? this.pending[0] : Buffer.concat(this.pending, this.pendingBytes);
      this.pending.length = this.pendingBytes = 0;
      if (line.length > 0) yield parse(line);
    }
    if (start < chunk.length) this.keep(chunk.subarray(start));
  }

  private keep(part: Buffer): void {
    this.pending.push(part);
    this.pendingBytes += part.length;
    if (this.pendingBytes > this.maxLineBytes) throw new TransportError('protocol', `the API server sent a line longer than ${this.maxLineBytes} bytes`);
  }
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    throw new TransportError('protocol', 'the API server sent a line that is no JSON');
  }
}
