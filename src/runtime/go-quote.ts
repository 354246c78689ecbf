const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v',
};

/** The text in quotes as Go's `%q` writes it. Kubernetes' error messages quote what a client sent this way. */
export function goQuote(text: string): string {
  return `"${text.replace(/["\\]|[\p{C}\p{Z}]/gu, (character) => SHORT[character] ?? escape(character))}"`;
}

function escape(character: string): string {
  const code = character.codePointAt(0)!;
  if (character === ' ') return ' ';
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  // A lone surrogate cannot be UTF-8; a Go program sees the replacement character in its place.
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
