import { ItemsInBytes } from '../item-list';
import { ByteWriter } from './byte-writer';

/** In all, beside what clients have not read: how far ahead of each other readers of the same list may be. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/** Some places of a list as they are written. */
interface Piece {
  readonly start: number;
  /** The first place that is not in it. */
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** One list in one form. */
interface Reading {
  readers: number;
  /** By their start. */
  readonly pieces: Map<number, Piece>;
}

/**
 * Lists that several read at the same time are made once. What one has made is kept for the others for a while; who comes later than that makes it
 * again, so that nobody waits for somebody who reads slowly.
 */
export class SharedPieces {
  private readonly readings = new WeakMap<ItemsInBytes, Map<string, Reading>>();
  /** The oldest first. */
  private readonly kept = new Map<Piece, Reading>();
  private keptBytes = 0;

  /**
   * All of a list, in pieces that are valid until the next is asked for.
   *
   * @param form what is written of the items: the same text for the same bytes
   * @param writer to which pieces are written, each in the place of the last one
   * @param write writes a piece from such a place on, and says the first place that is not in it
   */
  *read(items: ItemsInBytes, form: string, writer: ByteWriter, write: (start: number) => number): Generator<Uint8Array> {
    const reading = this.begin(items, form);
    try {
      for (let place = 0; place < items.places;) {
        const kept = reading.pieces.get(place);
        // The last one that it wrote is read.
        if (kept && writer.length > 0) writer.take();
        const piece = kept ?? this.make(place, reading, writer, write);
        yield piece.bytes;
        place = piece.end;
      }
    } finally {
      this.end(items, form, reading);
    }
  }

  private begin(items: ItemsInBytes, form: string): Reading {
    const forms = this.readings.get(items) ?? new Map<string, Reading>();
    this.readings.set(items, forms);
    const reading = forms.get(form) ?? { readers: 0, pieces: new Map() };
    forms.set(form, reading);
    reading.readers++;
    return reading;
  }

  private end(items: ItemsInBytes, form: string, reading: Reading): void {
    if (--reading.readers > 0) return;
    for (const piece of reading.pieces.values()) this.drop(piece, reading);
    this.readings.get(items)!.delete(form);
  }

  /** What is kept for others is the writer's no more. */
  private make(start: number, reading: Reading, writer: ByteWriter, write: (start: number) => number): Piece {
    writer.clear();
    const end = write(start);
    if (reading.readers < 2) return { start, end, bytes: writer.written() };
    const piece = { start, end, bytes: writer.take() };
    reading.pieces.set(start, piece);
    this.kept.set(piece, reading);
    this.keptBytes += piece.bytes.buffer.byteLength;
    for (const [oldest, of] of this.kept) {
      if (this.keptBytes <= MAX_KEPT_BYTES) break;
      this.drop(oldest, of);
    }
    return piece;
  }

  private drop(piece: Piece, reading: Reading): void {
    reading.pieces.delete(piece.start);
    this.kept.delete(piece);
    this.keptBytes -= piece.bytes.buffer.byteLength;
  }
}
