/** A place in a text that is read from left to right. */
export class TextCursor {
  constructor(readonly text: string, public at = 0) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** What stands here, for messages. */
  get found(): string {
    return this.isAtEnd ? 'the end' : JSON.stringify(this.text[this.at]);
  }

  /** Steps behind what a sticky pattern finds here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    this.at += found?.length ?? 0;
    return found;
  }

  /** Steps behind a text, if it stands here. */
  skip(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}
