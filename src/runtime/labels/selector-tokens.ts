/** A token of a label selector: an operator or bracket (`text` says which), a word, or the end. */
export interface Token {
  readonly type: 'symbol' | 'word' | 'end';
  readonly text: string;
}

/** Whatever is neither space nor symbol is part of a word. NUL is the end, but skipped right after a token, as in apimachinery's lexer. */
const NEXT = /[ \t\r\n]*(?:(?<symbol>==|!=|[=!(),<>])\0?|(?<word>[^ \t\r\n=!(),<>\0]+)\0?|\0|$)/y;

export function tokenize(selector: string): Token[] {
  const tokens: Token[] = [];
  NEXT.lastIndex = 0;
  for (;;) {
    const { symbol, word } = NEXT.exec(selector)!.groups!;
    if (symbol !== undefined) {
      tokens.push({ type: 'symbol', text: symbol });
    } else if (word !== undefined) {
      tokens.push({ type: 'word', text: word });
    } else {
      tokens.push({ type: 'end', text: '' });
      return tokens;
    }
  }
}
