const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export interface JsonBounds {
  readonly maxDepth: number;
  /** Objects and arrays: they, not the bytes, are what a parsed text costs. */
  readonly maxObjects: number;
}

/** Which bound the text breaks, told before anything is built from it; undefined when it keeps them. */
export function brokenBound(json: Buffer, { maxDepth, maxObjects }: JsonBounds): string | undefined {
  let depth = 0;
  let objects = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at + 1);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > maxDepth) return `more than ${maxDepth} levels`;
      if (++objects > maxObjects) return `more than ${maxObjects} objects`;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth--;
    }
  }
  return undefined;
}

function endOfString(json: Buffer, start: number): number {
  let at = start;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
