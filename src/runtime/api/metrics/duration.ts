import { ByteWriter } from '../../server/encoding/byte-writer';

const second = 1e9;
const minute = 60 * second;
const hour = 60 * minute;

/** A duration as Go's time.Duration prints it: `1h1m1.001s`, `9.993s`, `1.5ms`, `0s`. */
export function goDuration(nanoseconds: number): string {
  if (nanoseconds < 0) return `-${goDuration(-nanoseconds)}`;
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return decimal(nanoseconds, 1e3, 'µs');
  if (nanoseconds < second) return decimal(nanoseconds, 1e6, 'ms');
  const hours = Math.floor(nanoseconds / hour);
  const minutes = Math.floor(nanoseconds % hour / minute);
  const seconds = decimal(nanoseconds % minute, second, 's');
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

/** Exact where a floating-point division would round. */
function decimal(nanoseconds: number, unit: number, name: string): string {
  const fraction = nanoseconds % unit;
  const whole = (nanoseconds - fraction) / unit;
  if (fraction === 0) return `${whole}${name}`;
  const digits = `${unit + fraction}`.slice(1).replace(/0+$/, '');
  return `${whole}.${digits}${name}`;
}

const MAX_FRACTION_DIGITS = 9;

/** The same as bytes. */
export function writeGoDuration(writer: ByteWriter, nanoseconds: number): void {
  // Windows are seconds or minutes; what else there may be is rare.
  if (!(nanoseconds >= second && nanoseconds < hour)) return writer.utf8(goDuration(nanoseconds));
  const seconds = Math.floor(nanoseconds / second);
  const minutes = Math.floor(seconds / 60);
  if (minutes > 0) {
    writer.digits(minutes);
    writer.utf8('m');
  }
  writer.digits(seconds - minutes * 60);
  let fraction = nanoseconds - seconds * second;
  if (fraction > 0) {
    let digits = MAX_FRACTION_DIGITS;
    for (let next = Math.floor(fraction / 10); next * 10 === fraction; next = Math.floor(fraction / 10)) {
      fraction = next;
      digits--;
    }
    writer.utf8('.');
    writer.lowDigits(fraction, digits);
  }
  writer.utf8('s');
}
