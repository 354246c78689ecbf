import { ByteWriter } from './byte-writer';

/** Elements that write themselves, one after the other. */
export interface ElementWriter<W extends ByteWriter = ByteWriter> {
  /** False after the last. */
  next(): boolean;
  write(writer: W): void;
}

/** Few enough writes to the socket, and no more than a millisecond in which nobody else has a turn. */
export const PIECE_BYTES = 256 * 1024;

const COMMA = 0x2c;

/** Elements of a JSON array in pieces, each valid until the next is asked for: all are written to the same place. */
export function* jsonPieces(elements: ElementWriter): Generator<Uint8Array> {
  const writer = new ByteWriter();
  for (let isFirst = true, more = true; more; isFirst = false) {
    more = fill(writer, elements, isFirst);
    if (writer.length > 0) yield writer.written();
    writer.clear();
  }
}

/** True when there may be more. A loop that is left at each element would be much slower. */
function fill(writer: ByteWriter, elements: ElementWriter, isFirst: boolean): boolean {
  let isSeparated = !isFirst;
  while (writer.length < PIECE_BYTES) {
    if (!elements.next()) return false;
    if (isSeparated) writer.byte(COMMA);
    isSeparated = true;
    elements.write(writer);
  }
  return true;
}
