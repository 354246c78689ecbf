import { ElementCursor, ItemCursor, ItemsInBytes } from '../item-list';
import { ByteWriter } from './byte-writer';
import { SharedPieces } from './shared-pieces';

/** Elements of a JSON array, one for each item, that are written without a text. */
export interface ElementsInBytes {
  readonly items: ItemsInBytes;
  /** Names what is written of each: the same items in the same form are the same bytes. */
  readonly form: string;
  /** Those from a place on. */
  elements(from: number): ElementCursor;
}

/** Few enough writes to the socket, and no more than a millisecond in which nobody else has a turn. With what is written last it mostly fits into 256 KiB. */
export const PIECE_BYTES = 240 * 1024;
const MAX_PIECE_BYTES = 256 * 1024;

/** Of a pod with a few labels and containers. */
const ITEM_BYTES = 512;

const COMMA = 0x2c;

/** With what a writer of so many items begins, so that it need not grow. */
export function startBytes(items: number): number {
  return Math.min(items * ITEM_BYTES, MAX_PIECE_BYTES);
}

/** In pieces, each valid until the next is asked for. */
export function* jsonPieces(elements: ElementsInBytes, shared: SharedPieces): Generator<Uint8Array> {
  const writer = new ByteWriter(startBytes(elements.items.places));
  let isFirst = true;
  for (const bytes of shared.read(elements.items, elements.form, writer, (start) => writePiece(elements, start, writer))) {
    if (bytes.length === 0) continue;
    yield isFirst ? bytes.subarray(1) : bytes;
    isFirst = false;
  }
}

/** Returns the first place that is not in it. */
function writePiece({ items, elements }: ElementsInBytes, start: number, writer: ByteWriter): number {
  const cursor = elements(start);
  while (writer.length < PIECE_BYTES) {
    if (!cursor.writeNext(writer)) return items.places;
  }
  return cursor.place + 1;
}

/** Elements of which each is written by itself. */
export function oneByOne(cursor: ItemCursor, write: (item: ItemCursor, writer: ByteWriter) => void): ElementCursor {
  return {
    get place() {
      return cursor.place;
    },
    writeNext(writer) {
      if (!cursor.next()) return false;
      writer.byte(COMMA);
      write(cursor, writer);
      return true;
    },
  };
}
