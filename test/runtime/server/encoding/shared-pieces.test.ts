import * as fc from 'fast-check';
import { ByteWriter } from '../../../../src/runtime/server/encoding/byte-writer';
import { SharedPieces } from '../../../../src/runtime/server/encoding/shared-pieces';
import { ItemsInBytes } from '../../../../src/runtime/server/item-list';

const MIB = 1024 * 1024;

/** A list of so many places, which is never asked for its items. */
const listOf = (places: number): ItemsInBytes => ({ some: true, places, cursor: () => { throw new Error('not asked'); } });

/** A reader of a list whose places are a byte each, ten to a piece, which it writes to one place. */
class Reader {
  /** Starts of the pieces that it had to make. */
  readonly made: number[] = [];
  readonly read: number[] = [];
  readonly writer = new ByteWriter();
  private readonly pieces: Generator<Uint8Array>;

  constructor(shared: SharedPieces, items: ItemsInBytes, form = 'object') {
    this.pieces = shared.read(items, form, this.writer, (start) => {
      this.made.push(start);
      const end = Math.min(start + 10, items.places);
      for (let i = start; i < end; i++) this.writer.byte(i);
      return end;
    });
  }

  /** False when there is nothing more. */
  next(): boolean {
    const { value, done } = this.pieces.next();
    this.read.push(...value ?? []);
    return !done;
  }

  all(): this {
    while (this.next());
    return this;
  }

  leave(): void {
    this.pieces.return(undefined);
  }
}

describe('a list', () => {
  let shared: SharedPieces;

  beforeEach(() => { shared = new SharedPieces(); });

  test('that two read at the same time is made once', () => {
    const items = listOf(50);
    const [one, other] = [new Reader(shared, items), new Reader(shared, items)];
    one.next();
    other.next();
    while (one.next() && other.next());
    expect([one.read, other.read]).toEqual([[...Array(50).keys()], [...Array(50).keys()]]);
    // The first one could not know that another would come.
    expect([one.made, other.made]).toEqual([[0, 10, 20, 30, 40], [0]]);
  });

  test('that two read is held once: whoever makes a piece gives it away, whoever is given one lets go of its own', () => {
    const items = listOf(50);
    const [one, other] = [new Reader(shared, items), new Reader(shared, items)];
    for (const reader of [one, other, other, one]) reader.next();
    expect([one, other].map(({ writer }) => writer.length)).toEqual([0, 0]);
  });

  test('is made again for who reads it afterwards', () => {
    const items = listOf(20);
    new Reader(shared, items).all();
    expect(new Reader(shared, items).all().made).toEqual([0, 10]);
  });

  test('is made again when all who have read it have gone', () => {
    const items = listOf(30);
    const readers = [new Reader(shared, items), new Reader(shared, items)];
    readers.forEach((reader) => reader.next());
    readers.forEach((reader) => reader.next());
    readers.forEach((reader) => reader.leave());
    expect(new Reader(shared, items).all().made).toEqual([0, 10, 20]);
  });

  test.each([
    ['another list', listOf(30), 'object'],
    ['the same list in another form', undefined, 'row'],
  ])('is not taken for %s', (_, other, form) => {
    const items = listOf(30);
    const readers = [new Reader(shared, items), new Reader(shared, items), new Reader(shared, other ?? items, form)];
    readers.forEach((reader) => reader.next());
    readers.forEach((reader) => reader.all());
    expect(readers[2].made).toEqual([0, 10, 20]);
  });
});

test('what is kept for slow readers is bounded: they make it themselves', () => {
  const shared = new SharedPieces();
  const items = listOf(40);
  let made = 0;
  const piece = Buffer.alloc(MIB);
  const read = () => {
    const writer = new ByteWriter(MIB);
    return shared.read(items, 'object', writer, (start) => {
      made++;
      writer.raw(piece);
      return start + 1;
    });
  };
  const [fast, slow] = [read(), read()];
  slow.next();
  expect([...fast]).toHaveLength(40);
  expect(made).toBe(41);
  const rest = [...slow];
  expect(rest).toHaveLength(39);
  // Of the fast one's the last 16 MiB are there, in buffers that are an eighth larger than what is in them.
  expect(made).toBe(41 + 39 - Math.floor(16 / 1.125));
});

test('whoever reads when, and whoever leaves, everybody reads all of it', () => {
  const turn = fc.tuple(fc.nat({ max: 4 }), fc.boolean());
  fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), fc.array(turn, { maxLength: 200 }), (places, turns) => {
    const shared = new SharedPieces();
    const items = listOf(places);
    const readers: Reader[] = [];
    for (const [index, leaves] of turns) {
      readers[index] ??= new Reader(shared, items);
      readers[index].next();
      expect(readers[index].read).toEqual([...Array(readers[index].read.length).keys()]);
      if (leaves && index === 0) {
        readers[0].leave();
        delete readers[0];
      }
    }
    for (const reader of readers) expect(reader?.all().read ?? [...Array(places).keys()]).toEqual([...Array(places).keys()]);
  }));
});
