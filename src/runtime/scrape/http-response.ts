import { ScrapeFailureReason } from './outcome';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Of status line, headers and trailers together, interim answers included. */
const MAX_HEAD_BYTES = 64 * 1024;
/** What a reader keeps of its buffer between two answers. */
const MAX_IDLE_BODY_BYTES = 1024 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** An answer that is not HTTP/1.1, or more of it than is accepted. */
export class HttpResponseError extends Error {
  override readonly name = 'HttpResponseError';

  constructor(readonly reason: Extract<ScrapeFailureReason, 'protocol' | 'too-large'>, message: string) {
    super(message);
  }
}

type Part = 'status' | 'headers' | 'body' | 'body-until-close' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'done';

/**
 * Reads one HTTP/1.1 answer from chunks of bytes, cut anywhere, and holds no more of it than allowed.
 * The body is collected in a buffer that is used again for the next answer.
 */
export class HttpResponseReader {
  status = 0;
  statusText = '';
  /** The connection may carry another request. */
  keepAlive = false;
  private part: Part = 'status';
  private line = Buffer.allocUnsafe(1024);
  private lineBytes = 0;
  private headBytes = 0;
  private headers = new Map<string, string>();
  private collected = NO_BYTES;
  private bodyBytes = 0;
  /** Bytes still to come of the body or of the chunk. */
  private remaining = 0;

  constructor(private readonly maxBodyBytes: number) {}

  get done(): boolean {
    return this.part === 'done';
  }

  /** A byte of the answer has been seen. */
  get begun(): boolean {
    return this.headBytes > 0;
  }

  /** Valid until `reset`. */
  get body(): Buffer {
    return this.collected.subarray(0, this.bodyBytes);
  }

  /** Where the answer stands, for a person. */
  get progress(): string {
    if (!this.begun) return 'waiting for the answer';
    return this.part === 'status' || this.part === 'headers' ? 'reading the headers' : `${this.bodyBytes} bytes of the body read`;
  }

  reset(): void {
    this.status = 0;
    this.statusText = '';
    this.keepAlive = false;
    this.part = 'status';
    this.lineBytes = this.headBytes = this.bodyBytes = this.remaining = 0;
    this.headers = new Map();
    if (this.collected.length > MAX_IDLE_BODY_BYTES) this.collected = NO_BYTES;
  }

  /** Lower-case name. */
  header(name: string): string | undefined {
    return this.headers.get(name);
  }

  /** @throws HttpResponseError */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.done) {
      if (this.part === 'body' || this.part === 'chunk' || this.part === 'body-until-close') at = this.collect(chunk, at);
      else at = this.collectLine(chunk, at);
    }
    // Bytes nobody asked for: whatever they are, they are not the next answer.
    if (at < chunk.length) this.keepAlive = false;
  }

  /**
   * The peer closed the connection.
   *
   * @throws HttpResponseError unless the answer is complete with it.
   */
  end(): void {
    if (this.part === 'body-until-close') this.part = 'done';
    if (!this.done) throw new HttpResponseError('protocol', `connection closed early, ${this.progress}`);
  }

  private collect(chunk: Buffer, at: number): number {
    const untilClose = this.part === 'body-until-close';
    const end = untilClose ? chunk.length : Math.min(chunk.length, at + this.remaining);
    this.reserve(end - at);
    chunk.copy(this.collected, this.bodyBytes, at, end);
    this.bodyBytes += end - at;
    if (untilClose) return end;
    this.remaining -= end - at;
    if (this.remaining === 0) this.part = this.part === 'chunk' ? 'chunk-end' : 'done';
    return end;
  }

  private reserve(bytes: number): void {
    const needed = this.bodyBytes + bytes;
    if (needed > this.maxBodyBytes) throw this.tooLarge();
    if (needed <= this.collected.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.min(this.maxBodyBytes, Math.max(needed, this.collected.length * 2, 32 * 1024)));
    this.collected.copy(grown, 0, 0, this.bodyBytes);
    this.collected = grown;
  }

  private collectLine(chunk: Buffer, at: number): number {
    const found = chunk.indexOf(LINE_FEED, at);
    const end = found < 0 ? chunk.length : found;
    if (this.part !== 'chunk-size' && this.part !== 'chunk-end') this.headBytes += end - at + 1;
    if (this.headBytes > MAX_HEAD_BYTES || this.lineBytes + end - at > MAX_HEAD_BYTES) {
      throw new HttpResponseError('protocol', `the headers of the answer are larger than ${MAX_HEAD_BYTES} bytes`);
    }
    if (found < 0 || this.lineBytes > 0) return this.collectPartOfLine(chunk, at, end, found >= 0);
    this.readLine(lineOf(chunk, at, end));
    return end + 1;
  }

  /** Of a line that is cut. */
  private collectPartOfLine(chunk: Buffer, at: number, end: number, isLast: boolean): number {
    if (this.lineBytes + end - at > this.line.length) {
      this.line = Buffer.concat([this.line.subarray(0, this.lineBytes)], 2 ** Math.ceil(Math.log2(this.lineBytes + end - at)));
    }
    chunk.copy(this.line, this.lineBytes, at, end);
    this.lineBytes += end - at;
    if (!isLast) return end;
    const line = lineOf(this.line, 0, this.lineBytes);
    this.lineBytes = 0;
    this.readLine(line);
    return end + 1;
  }

  private readLine(line: string): void {
    switch (this.part) {
      case 'status': return this.readStatus(line);
      case 'headers': return line === '' ? this.endHeaders() : this.readHeader(line);
      case 'chunk-size': return this.readChunkSize(line);
      case 'chunk-end':
        if (line !== '') throw protocol('a chunk of the body is longer than it said', line);
        this.part = 'chunk-size';
        return;
      case 'trailers':
        if (line === '') this.part = 'done';
    }
  }

  private readStatus(line: string): void {
    const match = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: (.*))?$/.exec(line);
    if (!match) throw protocol('the answer is not HTTP/1.1', line);
    this.keepAlive = match[1] === '1';
    this.status = Number(match[2]);
    this.statusText = match[3] ?? '';
    this.part = 'headers';
  }

  private readHeader(line: string): void {
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!match) throw protocol('a header of the answer cannot be read', line);
    const name = match[1].toLowerCase();
    const earlier = this.headers.get(name);
    if (name === 'content-length' && earlier !== undefined && earlier !== match[2]) throw protocol('two different Content-Length headers', line);
    this.headers.set(name, earlier === undefined || name === 'content-length' ? match[2] : `${earlier}, ${match[2]}`);
  }

  private endHeaders(): void {
    if (this.status < 200) {
      if (this.status === 101) throw protocol('the answer changes the protocol, though nobody asked for it', this.statusText);
      this.headers.clear();
      this.part = 'status';
      return;
    }
    if (/\bclose\b/i.test(this.headers.get('connection') ?? '')) this.keepAlive = false;
    const encoding = this.headers.get('content-encoding');
    if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
      throw protocol('the body is compressed, though it was asked for as it is; Content-Encoding', encoding);
    }
    this.beginBody();
  }

  private beginBody(): void {
    const transferEncoding = this.headers.get('transfer-encoding');
    const contentLength = this.headers.get('content-length');
    if (this.status === 204 || this.status === 304) {
      this.part = 'done';
    } else if (transferEncoding !== undefined) {
      if (transferEncoding.toLowerCase() !== 'chunked') throw protocol('unknown Transfer-Encoding', transferEncoding);
      if (contentLength !== undefined) throw protocol('Transfer-Encoding and Content-Length exclude one another', contentLength);
      this.part = 'chunk-size';
    } else if (contentLength !== undefined) {
      if (!/^\d{1,15}$/.test(contentLength)) throw protocol('Content-Length is not a number', contentLength);
      this.remaining = Number(contentLength);
      if (this.remaining > this.maxBodyBytes) throw this.tooLarge(this.remaining);
      this.part = this.remaining === 0 ? 'done' : 'body';
    } else {
      this.keepAlive = false;
      this.part = 'body-until-close';
    }
  }

  private readChunkSize(line: string): void {
    const match = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/.exec(line);
    if (!match) throw protocol('a chunk of the body has no size', line);
    this.remaining = parseInt(match[1], 16);
    if (this.bodyBytes + this.remaining > this.maxBodyBytes) throw this.tooLarge();
    this.part = this.remaining === 0 ? 'trailers' : 'chunk';
  }

  private tooLarge(announced?: number): HttpResponseError {
    const size = announced === undefined ? 'more' : `${announced} bytes`;
    return new HttpResponseError('too-large', `the answer has ${size}, ${this.maxBodyBytes} bytes are accepted`);
  }
}

/** Without the carriage return before its end. */
function lineOf(bytes: Buffer, start: number, end: number): string {
  const length = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 - start : end - start;
  return length === 0 ? '' : bytes.toString('latin1', start, start + length);
}

function protocol(what: string, found: string): HttpResponseError {
  return new HttpResponseError('protocol', `${what}: ${JSON.stringify(found.slice(0, 80)).replace(/[\x7f-\xff]/g, '?')}`);
}
