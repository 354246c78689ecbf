/** What Kubernetes names and label values are made of; JSON needs no escapes for it. */
const plain = /^[\w./-]*$/;

const escapedByGo = /[<>&\u2028\u2029]/g;

/** A JSON string as Go's encoding/json writes it, which also escapes what HTML and JavaScript would stumble over. */
export function jsonString(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(escapedByGo, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
