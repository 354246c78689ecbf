const PLAIN = /^[\w./:-]*$/;

/** A string as `toJson` writes it. Names of Kubernetes need no escapes. */
export function textToJson(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : toJson(text);
}

/** JSON as Go's encoding/json writes it, safe to embed in HTML. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
