import { ElementsInBytes } from './pieces';
import { ProtobufDocument } from './protobuf';

/** A response before it is encoded: JSON text in fragments, because a list is too long to hold twice. */
export interface Document {
  /** A JSON object: the whole response, or all of it but its long array. */
  readonly head: string;
  /** The long array, after the members of `head`. */
  readonly array?: DocumentArray;
  /** The same in protobuf, made only if asked for. Kubernetes has none of a Table. */
  readonly protobuf?: ProtobufDocument;
}

export interface DocumentArray {
  readonly member: string;
  /** JSON text of each element. */
  readonly elements: Iterable<string>;
  /** The same, of those that need no text. */
  readonly inBytes?: ElementsInBytes;
}

/** Large enough to be cheap to write. From 128 KiB on V8 keeps a text apart from others, where only a full collection finds it. */
const BATCH_CHARACTERS = 64 * 1024;

/** Joins elements to the pieces that are written at a time. */
export function* inBatches(elements: Iterable<string>, separator: string): Generator<string> {
  let batch = '';
  let before = '';
  for (const element of elements) {
    batch += before + element;
    before = separator;
    if (batch.length >= BATCH_CHARACTERS) {
      yield batch;
      batch = '';
    }
  }
  if (batch !== '') yield batch;
}
