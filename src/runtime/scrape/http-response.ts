import { chunkSize } from './chunk-size';
import { gunzipBody } from './gunzip-body';
import { Framing, HttpHead } from './http-head';
import { HttpResponseError, protocol } from './http-response-error';
import { LastHttpHead } from './last-http-head';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Of status line, headers and trailers together, interim answers included. */
const MAX_HEAD_BYTES = 64 * 1024;
/** What a reader keeps of its buffer between two answers. */
const MAX_IDLE_BODY_BYTES = 1024 * 1024;
const NO_BYTES = Buffer.alloc(0);
const NO_HEAD = new HttpHead();

type Part = 'status' | 'headers' | 'body' | 'body-until-close' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'done';

const AFTER_HEAD: Readonly<Record<Framing, Part>> = { 'none': 'done', 'length': 'body', 'chunked': 'chunk-size', 'until-close': 'body-until-close' };

/**
 * Reads one HTTP/1.1 answer from chunks of bytes, cut anywhere, and holds no more of it than allowed.
 * The body is collected in a buffer that is used again for the next answer.
 */
export class HttpResponseReader {
  private part: Part = 'status';
  private line = Buffer.allocUnsafe(1024);
  private lineBytes = 0;
  private headBytes = 0;
  private head = NO_HEAD;
  /** Of bytes after the end of the answer. */
  private overlong = false;
  private collected: Buffer = NO_BYTES;
  private bodyBytes = 0;
  /** Bytes still to come of the body or of the chunk. */
  private remaining = 0;

  /** Readers of answers that are alike share the last head. */
  constructor(private readonly maxBodyBytes: number, private readonly lastHead = new LastHttpHead(), private readonly acceptsGzip = false) {}

  get status(): number {
    return this.head.status;
  }

  get statusText(): string {
    return this.head.statusText;
  }

  /** The connection may carry another request. */
  get keepAlive(): boolean {
    return this.head.keepAlive && !this.overlong;
  }

  /** Of the Date header, Unix milliseconds; NaN without. */
  get dateMs(): number {
    return this.head.dateMs;
  }

  get done(): boolean {
    return this.part === 'done';
  }

  /** A byte of the answer has been seen. */
  get begun(): boolean {
    return this.headBytes > 0;
  }

  /** Unpacked once it is whole. Valid until `reset`. */
  get body(): Buffer {
    return this.collected.subarray(0, this.bodyBytes);
  }

  /** Where the answer stands, for a person. */
  get progress(): string {
    if (!this.begun) return 'waiting for the answer';
    return this.part === 'status' || this.part === 'headers' ? 'reading the headers' : `${this.bodyBytes} bytes of the body read`;
  }

  reset(): void {
    this.head = NO_HEAD;
    this.overlong = false;
    this.part = 'status';
    this.lineBytes = this.headBytes = this.bodyBytes = this.remaining = 0;
    if (this.collected.length > MAX_IDLE_BODY_BYTES) this.collected = NO_BYTES;
  }

  /** Lower-case name. */
  header(name: string): string | undefined {
    return this.head.header(name);
  }

  /**
   * Reads the first `length` bytes, which may be overwritten afterwards.
   *
   * @throws HttpResponseError
   */
  push(bytes: Buffer, length = bytes.length): void {
    let at = this.begun ? 0 : this.recognizeHead(bytes, length);
    while (at < length && !this.done) {
      if (this.part === 'body' || this.part === 'chunk' || this.part === 'body-until-close') at = this.collect(bytes, at, length);
      else at = this.collectLine(bytes, at, length);
    }
    // Bytes nobody asked for: whatever they are, they are not the next answer.
    if (at < length) this.overlong = true;
  }

  /**
   * The peer closed the connection.
   *
   * @throws HttpResponseError unless the answer is complete with it.
   */
  end(): void {
    if (this.part === 'body-until-close') this.endBody();
    if (!this.done) throw new HttpResponseError('protocol', `connection closed early, ${this.progress}`);
  }

  /** Where the head ends, 0 when it has to be read. */
  private recognizeHead(bytes: Buffer, length: number): number {
    const head = this.lastHead.at(bytes, length);
    if (head === undefined) return 0;
    this.head = head;
    this.headBytes = this.lastHead.length;
    this.beginBody();
    return this.headBytes;
  }

  private collect(bytes: Buffer, at: number, length: number): number {
    const untilClose = this.part === 'body-until-close';
    const end = untilClose ? length : Math.min(length, at + this.remaining);
    this.reserve(end - at);
    bytes.copy(this.collected, this.bodyBytes, at, end);
    this.bodyBytes += end - at;
    if (untilClose) return end;
    this.remaining -= end - at;
    if (this.remaining > 0) return end;
    if (this.part === 'chunk') this.part = 'chunk-end';
    else this.endBody();
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

  private collectLine(bytes: Buffer, at: number, length: number): number {
    // What is left of the bytes before is not looked at.
    const found = bytes.indexOf(LINE_FEED, at);
    const isWhole = found >= 0 && found < length;
    const end = isWhole ? found : length;
    if (this.part !== 'chunk-size' && this.part !== 'chunk-end') this.headBytes += end - at + 1;
    if (this.headBytes > MAX_HEAD_BYTES || this.lineBytes + end - at > MAX_HEAD_BYTES) {
      throw new HttpResponseError('protocol', `the headers of the answer are larger than ${MAX_HEAD_BYTES} bytes`);
    }
    if (!isWhole || this.lineBytes > 0) return this.collectPartOfLine(bytes, at, end, isWhole);
    this.readLine(bytes, at, end);
    return end + 1;
  }

  /** Of a line that is cut. */
  private collectPartOfLine(bytes: Buffer, at: number, end: number, isLast: boolean): number {
    if (this.lineBytes + end - at > this.line.length) {
      this.line = Buffer.concat([this.line.subarray(0, this.lineBytes)], 2 ** Math.ceil(Math.log2(this.lineBytes + end - at)));
    }
    bytes.copy(this.line, this.lineBytes, at, end);
    this.lineBytes += end - at;
    if (!isLast) return end;
    const { lineBytes } = this;
    this.lineBytes = 0;
    this.readLine(this.line, 0, lineBytes);
    return end + 1;
  }

  private readLine(bytes: Buffer, start: number, lineFeed: number): void {
    const end = lineFeed > start && bytes[lineFeed - 1] === CARRIAGE_RETURN ? lineFeed - 1 : lineFeed;
    switch (this.part) {
      case 'status':
        if (this.head === NO_HEAD) this.head = new HttpHead(this.acceptsGzip);
        this.head.readStatus(bytes.toString('latin1', start, end));
        this.part = 'headers';
        return;
      case 'headers':
        if (start < end) return this.head.readHeader(bytes.toString('latin1', start, end));
        if (!this.head.end()) this.part = 'status';
        else this.endHead(bytes, lineFeed + 1);
        return;
      case 'chunk-size': return this.readChunkSize(bytes, start, end);
      case 'chunk-end':
        if (start < end) throw protocol('a chunk of the body is longer than it said', bytes.toString('latin1', start, end));
        this.part = 'chunk-size';
        return;
      case 'trailers':
        if (start === end) this.endBody();
    }
  }

  private endHead(bytes: Buffer, end: number): void {
    this.beginBody();
    // All of it came at once.
    if (end === this.headBytes && bytes !== this.line) this.lastHead.remember(this.head, bytes, end);
  }

  private beginBody(): void {
    const { framing, contentLength } = this.head;
    if (framing === 'length' && contentLength > this.maxBodyBytes) throw this.tooLarge(contentLength);
    this.remaining = contentLength;
    this.part = AFTER_HEAD[framing];
  }

  private endBody(): void {
    this.part = 'done';
    if (this.head.gzipped && this.bodyBytes > 0) this.unpack();
  }

  private unpack(): void {
    this.collected = gunzipBody(this.body, this.maxBodyBytes);
    this.bodyBytes = this.collected.length;
  }

  private readChunkSize(bytes: Buffer, start: number, end: number): void {
    this.remaining = chunkSize(bytes, start, end);
    if (this.bodyBytes + this.remaining > this.maxBodyBytes) throw this.tooLarge();
    this.part = this.remaining === 0 ? 'trailers' : 'chunk';
  }

  private tooLarge(announced?: number): HttpResponseError {
    const size = announced === undefined ? 'more' : `${announced} bytes`;
    return new HttpResponseError('too-large', `the answer has ${size}, ${this.maxBodyBytes} bytes are accepted`);
  }
}
