import { TemplateError } from './template-error';

export type TokenType = 'path' | 'variable' | 'word' | 'text' | 'number' | 'symbol';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  readonly offset: number;
  /** Whether it is parted from the token before it. */
  readonly spaced: boolean;
}

/** What stands between `<<` and `>>`, or the text between two of them. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly tokens: readonly Token[]; readonly offset: number };

const OPEN = '<<';
const COMMENT = /<<(?:-[ \t\r\n]+)?\/\*(?:(?!\*\/)[^])*\*\/(?:[ \t\r\n]+-)?>>/y;
const IDENTIFIER = '[\\p{L}_][\\p{L}\\p{Nd}_]*';
const TOKENS: readonly (readonly [TokenType, RegExp])[] = [
  ['path', new RegExp(`(?:\\.${IDENTIFIER})+|\\.(?![\\p{L}\\p{Nd}_])`, 'uy')],
  ['variable', new RegExp(`\\$(?:${IDENTIFIER})?(?:\\.${IDENTIFIER})*`, 'uy')],
  ['word', new RegExp(IDENTIFIER, 'uy')],
  ['number', /-?(?:0|[1-9][0-9]{0,8})(?![\p{L}\p{Nd}_.])/uy],
  ['text', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['symbol', /:=|[(),|=]/y],
];
const SPACE = /[ \t\r\n]*/y;

/** `<<- ` and ` ->>` take the white space beside them away, as in Go. Comments vanish. */
export function parts(template: string): readonly Part[] {
  const found: Part[] = [];
  let at = 0;
  let trimNext = false;
  for (;;) {
    const open = template.indexOf(OPEN, at);
    const text = template.slice(at, open < 0 ? undefined : open);
    const trimEnd = open >= 0 && /^<<-[ \t\r\n]/.test(template.slice(open, open + 4));
    const trimmed = trimNext ? text.replace(/^[ \t\r\n]+/, '') : text;
    found.push({ type: 'text', text: trimEnd ? trimmed.replace(/[ \t\r\n]+$/, '') : trimmed });
    if (open < 0) return found;
    const comment = match(COMMENT, template, open);
    const { tokens, end } = comment === undefined
      ? action(template, open, open + (trimEnd ? 3 : 2))
      : { tokens: undefined, end: open + comment.length };
    if (tokens) found.push({ type: 'action', tokens, offset: open });
    trimNext = /[ \t\r\n]->>$/.test(template.slice(open, end));
    at = end;
  }
}

function action(template: string, open: number, begin: number): { tokens: readonly Token[]; end: number } {
  const tokens: Token[] = [];
  let at = begin;
  for (;;) {
    const space = match(SPACE, template, at)!;
    at += space.length;
    const close = match(space === '' ? />>/y : /-?>>/y, template, at);
    if (close !== undefined) return { tokens, end: at + close.length };
    if (at >= template.length) throw new TemplateError('<< is not closed by >>', open);
    const token = tokenAt(template, at, space !== '');
    tokens.push(token);
    at += token.text.length;
  }
}

function tokenAt(template: string, offset: number, spaced: boolean): Token {
  for (const [type, pattern] of TOKENS) {
    const text = match(pattern, template, offset);
    if (text !== undefined) return { type, text, offset, spaced };
  }
  throw new TemplateError(`${JSON.stringify(template.slice(offset, offset + 10))} cannot stand within << >>`, offset);
}

function match(sticky: RegExp, text: string, offset: number): string | undefined {
  sticky.lastIndex = offset;
  return sticky.exec(text)?.[0];
}
