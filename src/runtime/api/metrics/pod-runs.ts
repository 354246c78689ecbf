import { PodListCursor } from './pod-list-cursor';
import { SimdPodRows } from './simd-pod-rows';
import { ByteWriter } from '../../server/encoding/byte-writer';
import { writeItemJson } from '../../server/encoding/object';
import { ElementCursor } from '../../server/item-list';

const COMMA = 0x2c;

/** The pods of a list in JSON, some at a time: by WebAssembly, and one by one what that leaves to JavaScript. */
export class PodRuns implements ElementCursor {
  /** Where pods of this run stand in the list. One more is gone to when there is no room for it. */
  private readonly places: Int32Array;

  constructor(private readonly cursor: PodListCursor, private readonly rows: SimdPodRows, private readonly createdMs: number) {
    this.places = new Int32Array(rows.maxPods + 1);
  }

  get place(): number {
    return this.cursor.place;
  }

  writeNext(writer: ByteWriter): boolean {
    const { cursor, places, rows } = this;
    const pods = this.gather();
    const { place } = cursor;
    for (let pod = rows.write(writer, 0); pod < pods; pod = rows.write(writer, pod + 1)) {
      cursor.goTo(places[pod]);
      writer.byte(COMMA);
      writeItemJson(cursor, writer);
    }
    cursor.goTo(place);
    return pods > 0;
  }

  /** Returns how many there are. */
  private gather(): number {
    const { cursor, places, rows } = this;
    let pods = 0;
    rows.clear(this.createdMs);
    while (!rows.isFull && cursor.next()) {
      places[pods++] = cursor.place;
      if (!rows.add(cursor.labels, cursor.figures)) break;
    }
    return pods;
  }
}
