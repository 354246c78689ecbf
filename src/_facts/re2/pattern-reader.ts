import { Re2SyntaxError } from './syntax';

/** A pattern, and how far it has been read. */
export class PatternReader {
  offset = 0;

  constructor(readonly pattern: string) {}

  get atEnd(): boolean {
    return this.offset >= this.pattern.length;
  }

  /** Whether the text comes next. */
  sees(text: string): boolean {
    return this.pattern.startsWith(text, this.offset);
  }

  /** Reads the text if it comes next. */
  takeText(text: string): boolean {
    if (!this.sees(text)) return false;
    this.offset += text.length;
    return true;
  }

  /** Reads what a sticky expression matches here. */
  take(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.offset;
    const match = sticky.exec(this.pattern);
    if (match) this.offset += match[0].length;
    return match ?? undefined;
  }

  takeRune(): number {
    const rune = this.pattern.codePointAt(this.offset)!;
    this.offset += rune > 0xffff ? 2 : 1;
    return rune;
  }

  error(message: string, offset = this.offset): Re2SyntaxError {
    return new Re2SyntaxError(message, offset);
  }
}
