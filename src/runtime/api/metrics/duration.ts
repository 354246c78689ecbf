import { ByteWriter } from '../../server/encoding/byte-writer';

/** A unit, and how many digits of it are behind the point down to a nanosecond. */
interface Unit {
  readonly name: string;
  readonly nanoseconds: number;
  readonly digits: number;
}

const NANOSECONDS: Unit = { name: 'ns', nanoseconds: 1, digits: 0 };
const MICROSECONDS: Unit = { name: 'µs', nanoseconds: 1e3, digits: 3 };
const MILLISECONDS: Unit = { name: 'ms', nanoseconds: 1e6, digits: 6 };
const SECONDS: Unit = { name: 's', nanoseconds: 1e9, digits: 9 };
const MINUTE = 60 * SECONDS.nanoseconds;
const HOUR = 60 * MINUTE;

const scratch = new ByteWriter();

/** A duration as Go's time.Duration prints it: `1h1m1.001s`, `9.993s`, `1.5ms`, `0s`. */
export function goDuration(nanoseconds: number): string {
  scratch.clear();
  writeGoDuration(scratch, nanoseconds);
  return scratch.written().toString();
}

/** The same as bytes. */
export function writeGoDuration(writer: ByteWriter, nanoseconds: number): void {
  if (nanoseconds < 0) {
    writer.utf8('-');
    return writeGoDuration(writer, -nanoseconds);
  }
  // Windows are seconds or minutes; what else there may be is rare.
  if (nanoseconds < SECONDS.nanoseconds) return writeDecimal(writer, nanoseconds, belowSeconds(nanoseconds));
  const hours = Math.floor(nanoseconds / HOUR);
  const minutes = Math.floor((nanoseconds - hours * HOUR) / MINUTE);
  if (hours > 0) writeWhole(writer, hours, 'h');
  if (hours > 0 || minutes > 0) writeWhole(writer, minutes, 'm');
  writeDecimal(writer, nanoseconds - hours * HOUR - minutes * MINUTE, SECONDS);
}

function belowSeconds(nanoseconds: number): Unit {
  if (nanoseconds === 0) return SECONDS;
  if (nanoseconds < MICROSECONDS.nanoseconds) return NANOSECONDS;
  return nanoseconds < MILLISECONDS.nanoseconds ? MICROSECONDS : MILLISECONDS;
}

function writeWhole(writer: ByteWriter, value: number, name: string): void {
  writer.digits(value);
  writer.utf8(name);
}

/** Exact where a floating-point division would round. */
function writeDecimal(writer: ByteWriter, nanoseconds: number, { name, nanoseconds: one, digits }: Unit): void {
  const whole = Math.floor(nanoseconds / one);
  writer.digits(whole);
  let fraction = nanoseconds - whole * one;
  if (fraction > 0) {
    let left = digits;
    for (let next = Math.floor(fraction / 10); next * 10 === fraction; next = Math.floor(fraction / 10)) {
      fraction = next;
      left--;
    }
    writer.utf8('.');
    writer.lowDigits(fraction, left);
  }
  writer.utf8(name);
}
