import { characterOf, GO_ESCAPE } from '../go-string';

/** Bytes that are no characters by themselves. */
const HIGH_BYTE = /^x[89a-f]/i;

/** The text of a string constant in double or back quotes; undefined for an escape that Go does not have, or that is no character. */
export function goString(constant: string): string | undefined {
  const inner = constant.slice(1, -1);
  if (constant.startsWith('`')) return inner.replaceAll('\r', '');
  let valid = true;
  const text = inner.replace(GO_ESCAPE, (_, escape: string) => {
    const character = HIGH_BYTE.test(escape) ? undefined : characterOf(escape, '"');
    valid &&= character !== undefined;
    return character ?? '';
  });
  return valid ? text : undefined;
}
