/** A response before it is encoded: JSON text in fragments, because a list is too long to hold twice. */
export interface Document {
  /** A JSON object: the whole response, or all of it but its long array. */
  readonly head: string;
  /** The long array, after the members of `head`; JSON text of each element. */
  readonly array?: { readonly member: string; readonly elements: Iterable<string> };
}

/** JSON as Go's encoding/json writes it, safe to embed in HTML. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** About a hundred kilobytes of pods: large enough to be cheap, small enough to hold. */
const BATCH_SIZE = 500;

/** Joins elements to the pieces that are written at a time. */
export function* inBatches(elements: Iterable<string>, separator: string): Generator<string> {
  let batch: string[] = [];
  let start = '';
  for (const element of elements) {
    batch.push(element);
    if (batch.length === BATCH_SIZE) {
      yield start + batch.join(separator);
      batch = [];
      start = separator;
    }
  }
  if (batch.length > 0) yield start + batch.join(separator);
}
