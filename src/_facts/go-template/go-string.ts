const ESCAPES: Readonly<Record<string, string>> = {
  'a': '\x07', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\', '"': '"',
};

/** The text of a string constant of Go, in double or back quotes; undefined for an escape that Go does not have. */
export function goString(constant: string): string | undefined {
  const inner = constant.slice(1, -1);
  if (constant.startsWith('`')) return inner.replaceAll('\r', '');
  let valid = true;
  const text = inner.replace(/\\(?:x([0-7][0-9A-Fa-f])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{3})|(.))/gs, (_, x, u, U, octal, short) => {
    const codePoint = octal !== undefined ? parseInt(octal, 8) : parseInt(x ?? u ?? U, 16);
    const character = short !== undefined ? ESCAPES[short] : codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : undefined;
    valid &&= character !== undefined;
    return character ?? '';
  });
  return valid ? text : undefined;
}
