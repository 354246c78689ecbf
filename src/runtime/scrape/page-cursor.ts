import { decimal, HEAD_DIGITS, MAX_DIGITS, whole } from './decimal';
import { PageError } from './page-error';
import { equalBytes, viewOf } from '../words';

export const LINE_FEED = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const EQUALS = 0x3d;
const ZERO = 0x30;
const UPPER_E = 0x45;
const BACKSLASH = 0x5c;
const LOWER_E = 0x65;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const INFINITY_OR_NAN = /^(?:[+-]?inf(?:inity)?|[+-]?nan)$/i;

/** Reads the elements of the Prometheus text format. The body must end with a line feed, so no loop needs to look for its end. */
export class PageCursor {
  readonly words: DataView;

  constructor(readonly body: Buffer, public position: number) {
    this.words = viewOf(body);
  }

  skipBlanks(): void {
    const body = this.body;
    while (body[this.position] === SPACE || body[this.position] === TAB) this.position++;
  }

  skipLine(): void {
    this.position = this.body.indexOf(LINE_FEED, this.position) + 1;
  }

  /**
   * Skips the samples of the metric whose name stands at `body[start, end)`, up to the next comment. All lines of a metric stand
   * together: when the first and the last are its own, those in between are.
   */
  skipSamples(start: number, end: number): void {
    const { body, position: first } = this;
    const comment = body.indexOf(HASH, first);
    if (comment >= 0 && body[comment - 1] !== LINE_FEED) return;
    const lastEnd = comment < 0 ? body.length - 1 : comment - 1;
    const last = body.lastIndexOf(LINE_FEED, lastEnd - 1) + 1;
    const isSample = (line: number) => line + end - start < body.length && equalBytes(this.words, start, this.words, line, end - start)
      && !isNameByte(body[line + end - start]);
    if (isSample(first) && isSample(last)) this.position = lastEnd + 1;
  }

  endLine(): void {
    this.skipBlanks();
    if (this.body[this.position] !== LINE_FEED) throw this.error('the line should end here');
    this.position++;
  }

  /** NaN for what is not finite. */
  value(): number {
    const { body, position: start } = this;
    let at = start;
    let byte = body[at];
    const negative = byte === MINUS;
    if (negative || byte === PLUS) byte = body[++at];
    let digits = 0;
    let head = 0;
    let tail = 0;
    let point = -1;
    for (; ; byte = body[++at]) {
      if (isDigit(byte)) {
        if (digits++ < HEAD_DIGITS) head = head * 10 + (byte - ZERO);
        else if (digits <= MAX_DIGITS) tail = tail * 10 + (byte - ZERO);
      } else if (byte === DOT && point < 0) {
        point = at;
      } else {
        break;
      }
    }
    const written = digits;
    let exponent = point < 0 ? 0 : point + 1 - at;
    if (digits > 0 && (byte === LOWER_E || byte === UPPER_E)) {
      byte = body[++at];
      const sign = byte === MINUS ? -1 : 1;
      if (byte === MINUS || byte === PLUS) byte = body[++at];
      const exponentFrom = at;
      let power = 0;
      for (; isDigit(byte); byte = body[++at]) power = power * 10 + (byte - ZERO);
      if (at === exponentFrom) digits = 0;
      exponent += sign * power;
    }
    if (digits === 0 || !isBlankOrEnd(byte)) return this.namedValue();
    this.position = at;
    const magnitude = decimal(head, tail, written, exponent);
    if (!Number.isNaN(magnitude)) return negative ? -magnitude : magnitude;
    const value = Number(body.toString('latin1', start, at));
    return Number.isFinite(value) ? value : NaN;
  }

  /** Unix milliseconds, infinite when further away than anything; undefined when the line ends here. */
  timestamp(): number | undefined {
    this.skipBlanks();
    const body = this.body;
    let at = this.position;
    let byte = body[at];
    if (byte === LINE_FEED) return undefined;
    const negative = byte === MINUS;
    if (negative || byte === PLUS) byte = body[++at];
    let digits = 0;
    let head = 0;
    let tail = 0;
    for (; isDigit(byte); byte = body[++at]) {
      if (digits++ < HEAD_DIGITS) head = head * 10 + (byte - ZERO);
      else if (digits <= MAX_DIGITS) tail = tail * 10 + (byte - ZERO);
    }
    if (digits === 0 || !isBlankOrEnd(byte)) throw this.error('a timestamp in milliseconds should stand here');
    this.position = at;
    const milliseconds = whole(head, tail, digits);
    return negative ? -milliseconds : milliseconds;
  }

  /** Labels in any order and spelling; the first of several with one name counts. */
  labels(): Map<string, string> {
    const labels = new Map<string, string>();
    this.expect(OPEN, 'labels should begin here');
    for (this.skipBlanks(); this.body[this.position] !== CLOSE; this.skipBlanks()) {
      const name = this.labelName();
      this.skipBlanks();
      this.expect(EQUALS, '= should stand here');
      this.skipBlanks();
      const value = this.labelValue();
      if (!labels.has(name)) labels.set(name, value);
      this.skipBlanks();
      if (this.body[this.position] === COMMA) this.position++;
      else if (this.body[this.position] !== CLOSE) throw this.error(', or } should stand here');
    }
    this.position++;
    return labels;
  }

  error(what: string, position = this.position): PageError {
    return PageError.at(this.body, position, what);
  }

  private expect(byte: number, what: string): void {
    if (this.body[this.position] !== byte) throw this.error(what);
    this.position++;
  }

  private namedValue(): number {
    const start = this.position;
    let end = start;
    while (!isBlankOrEnd(this.body[end])) end++;
    if (!INFINITY_OR_NAN.test(this.body.toString('latin1', start, end))) throw this.error('a number should stand here');
    this.position = end;
    return NaN;
  }

  private labelName(): string {
    const start = this.position;
    while (isNameByte(this.body[this.position])) this.position++;
    if (!isNameStart(this.body[start])) throw this.error('a label name should stand here', start);
    return this.body.toString('latin1', start, this.position);
  }

  private labelValue(): string {
    const body = this.body;
    const start = this.position + 1;
    this.expect(QUOTE, 'a quoted label value should stand here');
    for (let byte = body[this.position]; byte !== QUOTE; byte = body[this.position]) {
      if (byte === BACKSLASH) this.position++;
      if (body[this.position] === LINE_FEED) throw this.error('the label value has no closing quote', start - 1);
      this.position++;
    }
    const raw = body.subarray(start, this.position++);
    const text = raw.toString('utf8');
    if (text.includes('\ufffd') && !Buffer.from(text).equals(raw)) throw this.error('the label value is not UTF-8', start);
    return text.replace(/\\([\\"n])/g, (_, escaped: string) => escaped === 'n' ? '\n' : escaped);
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isBlankOrEnd(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === TAB;
}

function isNameByte(byte: number): boolean {
  return isNameStart(byte) || isDigit(byte);
}

export function isNameStart(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f;
}
