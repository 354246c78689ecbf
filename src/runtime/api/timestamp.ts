import { ProtobufWriter } from '../server/encoding/protobuf-writer';

/** A list has many times of few seconds: each second has one place, which the last that came keeps. */
const KEPT = 64;
const seconds = new Float64Array(KEPT).fill(NaN);
const texts: string[] = new Array(KEPT).fill('');

/** RFC 3339 in UTC with whole seconds, cut off, as meta.k8s.io/v1 Time is written. */
export function timestamp(unixMs: number): string {
  const second = Math.floor(unixMs / 1000);
  const place = Math.abs(second % KEPT);
  if (seconds[place] !== second) {
    texts[place] = `${new Date(unixMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
    seconds[place] = second;
  }
  return texts[place];
}

/** meta.k8s.io/v1 Time: whole seconds, cut off. Nothing was measured before 1970. */
export function writeTime(writer: ProtobufWriter, field: number, unixMs: number): void {
  const time = writer.beginMessage(field);
  writer.integer(1, Math.max(0, Math.floor(unixMs / 1000)));
  writer.integer(2, 0);
  writer.endMessage(time);
}
