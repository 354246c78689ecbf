/* Durations as ../api/metrics/duration.ts writes them, if they are usual windows: from a second up to an hour. */
import { eightDigits, writeDigits } from './digits';
import { NOWHERE } from './text';

const SECOND: u64 = 1000000000;
const HOUR: f64 = 3600e9;

export function writeDuration(at: usize, nanoseconds: f64): usize {
  if (!(nanoseconds >= <f64>SECOND && nanoseconds < HOUR && floor(nanoseconds) == nanoseconds)) return NOWHERE;
  const whole = <u64>nanoseconds;
  const seconds = <u32>(whole / SECOND);
  const minutes = seconds / 60;
  let end = at;
  if (minutes > 0) {
    end = writeDigits(end, minutes);
    store<u8>(end++, 0x6d);
  }
  end = writeDigits(end, seconds - minutes * 60);
  const fraction = <u32>(whole - <u64>seconds * SECOND);
  if (fraction > 0) end = writeFraction(end, fraction);
  store<u8>(end, 0x73);
  return end + 1;
}

/** The point and nine digits, without zeros at their end. */
function writeFraction(at: usize, nanoseconds: u32): usize {
  const first = nanoseconds / 100000000;
  store<u8>(at, 0x2e);
  store<u8>(at + 1, <u8>(0x30 + first));
  store<u64>(at + 2, eightDigits(nanoseconds - first * 100000000));
  let end = at + 10;
  while (load<u8>(end - 1) == 0x30) --end;
  return end;
}
