/** An escape in a string constant of Go, with what follows the backslash as its group. */
export const GO_ESCAPE = /\\([0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/gs;

const NAMED: Readonly<Record<string, string>> = { 'a': '\x07', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\' };

/** What an escape stands for between these quotes; undefined for one that Go does not have. */
export function characterOf(escape: string, quote: string): string | undefined {
  if (escape === quote) return quote;
  if (escape.length === 1) return NAMED[escape];
  const code = /^[0-7]/.test(escape) ? parseInt(escape, 8) : parseInt(escape.slice(1), 16);
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
