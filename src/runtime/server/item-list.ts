import { ApiItem } from './api-object';
import { ByteWriter } from './encoding/byte-writer';
import { ProtobufWriter } from './encoding/protobuf-writer';

/** Items of a list. Where there may be very many, they can be gone through without an object for each. */
export interface ItemList extends Iterable<ApiItem> {
  /** How many there are at most. @default nobody knows before they are read */
  readonly length?: number;
  readonly inBytes?: ItemsInBytes;
}

/** What is the same object is the same list: those who read it at the same time may be given what was made for one of them. */
export interface ItemsInBytes {
  /** Whether there is any item. */
  readonly some: boolean;
  /** There is an item at each, or none. */
  readonly places: number;
  /** Items from a place on. @default all */
  cursor(from?: number): ItemCursor;
  /** The same as whole objects in JSON, some at a time. @default one after the other */
  jsonRuns?(from: number): ElementCursor | undefined;
}

/** One item after the other, which says itself as an ApiItem does, in the same order and in the same bytes. */
export interface ItemCursor {
  /** Of the item. */
  readonly place: number;
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

/** Elements of a JSON array, one for each item. */
export interface ElementCursor {
  /** Of the last item that is written. */
  readonly place: number;
  /** Writes the next one, or some, each after a comma; false when there is none. */
  writeNext(writer: ByteWriter): boolean;
}
