import { setImmediate } from 'node:timers/promises';
import { ApiItem } from '../api-object';
import { ListMetadata } from '../group-version';
import { ItemCursor, ItemList } from '../item-list';
import { PIECE_BYTES, startBytes } from './pieces';
import { ProtobufWriter } from './protobuf-writer';

/** A response as Kubernetes' protobuf has it: its kind, and the message of that kind. */
export interface ProtobufDocument {
  readonly apiVersion: string;
  readonly kind: string;
  /** Of a list. */
  readonly items?: ItemList;
  /** The message, in one piece or several. */
  readonly message: Iterable<Uint8Array>;
}

/** Every response in protobuf begins so. */
const MAGIC = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);

/**
 * runtime.Unknown around the message. Its length stands before it, so that it is all made before anything is sent.
 *
 * @param beforePiece called before each is kept; may throw
 */
export async function encodeProtobuf({ apiVersion, kind, message }: ProtobufDocument, beforePiece: () => void = () => {}): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of message) {
    // Others have their turn between the pieces.
    if (pieces.length > 0) await setImmediate();
    beforePiece();
    pieces.push(piece);
    bytes += piece.length;
  }
  const writer = new ProtobufWriter();
  writer.raw(MAGIC);
  const type = writer.beginMessage(1);
  writer.text(1, apiVersion);
  writer.text(2, kind);
  writer.endMessage(type);
  writer.lengthOf(2, bytes);
  const start = writer.take();
  // contentEncoding and contentType
  writer.text(3, '');
  writer.text(4, '');
  return [start, ...pieces, writer.take()];
}

export function* singleMessage(write: (writer: ProtobufWriter) => void): Generator<Uint8Array> {
  const writer = new ProtobufWriter();
  write(writer);
  yield writer.take();
}

/** No text is left out for being empty: neither selfLink nor resourceVersion. */
function writeListMetadata(writer: ProtobufWriter, { continue: token = '', remainingItemCount }: Partial<ListMetadata> = {}): void {
  const start = writer.beginMessage(1);
  writer.text(1, '');
  writer.text(2, '');
  writer.text(3, token);
  if (remainingItemCount !== undefined) writer.integer(4, remainingItemCount);
  writer.endMessage(start);
}

/** `metadata` and `items`, as all lists of Kubernetes number them. */
export function* listMessage(
  { items, metadata }: { readonly items: ItemList; readonly metadata?: ListMetadata },
  write: (item: ApiItem | ItemCursor, writer: ProtobufWriter) => void,
): Generator<Uint8Array> {
  const writer = new ProtobufWriter(items.inBytes && startBytes(items.inBytes.places));
  writeListMetadata(writer, metadata);
  const next = nextOf(items);
  for (let item = next(); item; item = next()) {
    const start = writer.beginMessage(2);
    write(item, writer);
    writer.endMessage(start);
    if (writer.length >= PIECE_BYTES) yield writer.take();
  }
  yield writer.take();
}

/** One item after the other, undefined after the last. */
function nextOf(items: ItemList): () => ApiItem | ItemCursor | undefined {
  const cursor = items.inBytes?.cursor();
  if (cursor) return () => (cursor.next() ? cursor : undefined);
  const iterator = items[Symbol.iterator]();
  return () => iterator.next().value ?? undefined;
}
