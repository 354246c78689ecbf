import { toJson } from './json-text';
import { copyBytes, viewOf } from '../../words';

const START_BYTES = 1024;
const NOTHING = Buffer.alloc(0);

const QUOTE = 0x22;

/** Longer texts are written faster by Node than letter by letter. */
const SHORT_TEXT = 64;

/** `00` to `99`, as two bytes of ASCII each. */
const PAIRS = Uint16Array.from({ length: 100 }, (_, value) => 0x3030 + Math.floor(value / 10) + (value % 10) * 0x100);

/** Names of containers have 63 characters at most. */
const MOSTLY_QUOTED = 65;

/** The most that is written as a 32-bit integer. */
const LOW_DIGITS = 9;
const LOW = 1e9;

/** Characters that JSON strings hold as they are, even those safe to embed in HTML; all that names of Kubernetes consist of. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, code) => Number(/[\w./:-]/.test(String.fromCharCode(code)) && code < 0x80));

/** Text or bytes that are written again and again. */
export class Fragment {
  readonly view: DataView;
  readonly length: number;

  constructor(content: string | Uint8Array) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.view = viewOf(bytes);
    this.length = bytes.length;
  }
}

/** Writes text and numbers as bytes, one after the other, into a buffer that grows as it needs to. */
export class ByteWriter {
  protected buffer: Buffer = NOTHING;
  protected end = 0;
  private begun = 0;
  private view = viewOf(NOTHING);

  /** `startBytes` as nearly as is known: what is outgrown is copied, and garbage. */
  constructor(private startBytes = START_BYTES) {}

  get length(): number {
    return this.end;
  }

  /** How often it began anew: places in what was written before mean nothing after that. */
  get clearings(): number {
    return this.begun;
  }

  /** What is written so far: valid until more is. */
  written(): Buffer {
    return this.buffer.subarray(0, this.end);
  }

  /** Begins anew, in the same place. */
  clear(): void {
    this.end = 0;
    this.begun++;
  }

  /** What is written so far, for good. The writer begins anew. */
  take(): Buffer {
    const written = this.written();
    // The next is like this, and must not be copied for being a little longer.
    this.startBytes = Math.max(START_BYTES, Math.ceil(this.end * 1.125));
    this.useBuffer(NOTHING);
    this.clear();
    return written;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.end++] = value;
  }

  fragment({ view, length }: Fragment): void {
    this.copy(view, 0, length);
  }

  copy(from: DataView, start: number, length: number): void {
    this.reserve(length);
    copyBytes(from, start, this.view, this.end, length);
    this.end += length;
  }

  /** Writes again what stands at `start`. */
  repeat(start: number, length: number): void {
    this.reserve(length);
    copyBytes(this.view, start, this.view, this.end, length);
    this.end += length;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  /** Any text, as UTF-8. */
  utf8(text: string): void {
    this.reserve(text.length * 3);
    if (text.length > SHORT_TEXT || !this.ascii(text)) this.end += this.buffer.write(text, this.end, 'utf8');
  }

  /** A JSON string. */
  jsonText(text: string): void {
    this.reserve(text.length + 2);
    const { buffer, end } = this;
    let at = end;
    buffer[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0xff || PLAIN[code] === 0) return this.utf8(toJson(text));
      buffer[at++] = code;
    }
    buffer[at++] = QUOTE;
    this.end = at;
  }

  /** A JSON string of what stands in `bytes` from `start` to a quote. */
  jsonQuoted(bytes: Uint8Array, start: number): void {
    this.reserve(MOSTLY_QUOTED);
    const { buffer } = this;
    const most = this.end + MOSTLY_QUOTED;
    let at = this.end;
    let from = start;
    buffer[at++] = QUOTE;
    while (PLAIN[bytes[from]] === 1 && at < most) buffer[at++] = bytes[from++];
    if (bytes[from] !== QUOTE || at === most) return this.utf8(toJson(Buffer.from(bytes.subarray(start, bytes.indexOf(QUOTE, start))).toString('latin1')));
    buffer[at++] = QUOTE;
    this.end = at;
  }

  /** What stands in `bytes` from `start` to a quote, all of it ASCII. */
  untilQuote(bytes: Uint8Array, start: number): void {
    let stop = start;
    while (bytes[stop] !== QUOTE) stop++;
    this.reserve(stop - start);
    for (let from = start; from < stop; from++) this.buffer[this.end++] = bytes[from];
  }

  /** A number as JavaScript writes it. */
  digits(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value)) return this.utf8(String(value));
    if (value < LOW) return this.lowDigits(value, digitsOf(value));
    const high = Math.floor(value / LOW);
    this.digits(high);
    this.lowDigits(value - high * LOW, LOW_DIGITS);
  }

  /** The last so many digits of an integer below 10^9, zeros in front of them. */
  lowDigits(value: number, count: number): void {
    this.reserve(LOW_DIGITS);
    let at = this.end += count;
    // eslint-disable-next-line no-bitwise -- an integer division
    let rest = value | 0;
    for (let left = count; left > 1; left -= 2) {
      // eslint-disable-next-line no-bitwise
      const tens = (rest / 100) | 0;
      this.view.setUint16(at -= 2, PAIRS[rest - tens * 100], true);
      rest = tens;
    }
    if (count % 2 === 1) this.buffer[at - 1] = 0x30 + rest;
  }

  protected reserve(bytes: number): void {
    if (this.end + bytes > this.buffer.length) this.grow(bytes);
  }

  /** True when it is nothing else, and was written. */
  private ascii(text: string): boolean {
    const { buffer, end } = this;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      buffer[end + index] = code;
    }
    this.end = end + text.length;
    return true;
  }

  private grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.startBytes, 2 * this.buffer.length, this.end + bytes));
    this.buffer.copy(larger, 0, 0, this.end);
    this.useBuffer(larger);
  }

  private useBuffer(buffer: Buffer): void {
    this.buffer = buffer;
    this.view = viewOf(buffer);
  }
}

function digitsOf(value: number): number {
  if (value < 1e4) return value < 100 ? value < 10 ? 1 : 2 : value < 1000 ? 3 : 4;
  if (value < 1e7) return value < 1e5 ? 5 : value < 1e6 ? 6 : 7;
  return value < 1e8 ? 8 : 9;
}
