import { ApiItem } from './api-object';
import { ByteWriter } from './encoding/byte-writer';
import { ProtobufWriter } from './encoding/protobuf-writer';

/** Items of a list. Where there may be very many, they can be gone through without an object for each. */
export interface ItemList extends Iterable<ApiItem> {
  readonly inBytes?: ItemsInBytes;
}

export interface ItemsInBytes {
  /** Whether there is any item. */
  readonly some: boolean;
  cursor(): ItemCursor;
}

/** One item after the other, which says itself as an ApiItem does, in the same order and in the same bytes. */
export interface ItemCursor {
  /** Goes to the next item, the first at first; false after the last. What is written is valid until others have had their turn. */
  next(): boolean;
  /** `metadata` as JSON. */
  writeMetadataJson(writer: ByteWriter): void;
  /** The members after `metadata`, without braces. */
  writeMembersJson(writer: ByteWriter): void;
  /** The cells of its row as a JSON array. */
  writeCellsJson(writer: ByteWriter): void;
  /** Fields of its message. */
  writeProtobuf(writer: ProtobufWriter): void;
  /** Fields of its ObjectMeta. */
  writeMetadataProtobuf(writer: ProtobufWriter): void;
}
