import { ItemsInBytes } from '../item-list';

/** In all: how far ahead of each other readers of the same list may be. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;

/** Some places of a list as they are written. */
export interface Piece {
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
   * @param make writes a piece, which may take the place of the last one
   */
  *read(items: ItemsInBytes, form: string, make: (start: number) => Piece): Generator<Uint8Array> {
    const reading = this.begin(items, form);
    try {
      for (let place = 0; place < items.places;) {
        const piece = reading.pieces.get(place) ?? this.shared(make(place), reading);
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

  /** Who reads alone needs no copy. */
  private shared(piece: Piece, reading: Reading): Piece {
    if (reading.readers < 2) return piece;
    const copy = { ...piece, bytes: Buffer.from(piece.bytes) };
    reading.pieces.set(copy.start, copy);
    this.kept.set(copy, reading);
    this.keptBytes += copy.bytes.length;
    for (const [oldest, of] of this.kept) {
      if (this.keptBytes <= MAX_KEPT_BYTES) break;
      this.drop(oldest, of);
    }
    return copy;
  }

  private drop(piece: Piece, reading: Reading): void {
    reading.pieces.delete(piece.start);
    this.kept.delete(piece);
    this.keptBytes -= piece.bytes.length;
  }
}
