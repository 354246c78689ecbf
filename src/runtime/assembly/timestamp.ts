/* Times as ../api/timestamp.ts writes them, from 1970 to the end of 9999. */
import { eightDigits, twoDigits } from './digits';
import { NOWHERE } from './text';

export const TIMESTAMP_BYTES: usize = 20;
const END_MS: f64 = 253402300800000;

const SECONDS_PER_DAY: u32 = 86400;
/** The calendar repeats itself after 400 years. They are counted from a 1st of March, so that a leap day is a year's last. */
const DAYS_PER_CYCLE: u32 = 146097;
const DAYS_BEFORE_1970: u32 = 719468;

export function writeTimestamp(at: usize, unixMs: f64): usize {
  if (!(unixMs >= 0 && unixMs < END_MS)) return NOWHERE;
  const second = <u64>(unixMs / 1000);
  const day = <u32>(second / SECONDS_PER_DAY);
  const ofDay = <u32>(second - <u64>day * SECONDS_PER_DAY);
  const date = dateOf(day);
  store<u32>(at, <u32>date);
  store<u8>(at + 4, 0x2d);
  store<u16>(at + 5, <u16>(date >> 32));
  store<u8>(at + 7, 0x2d);
  store<u16>(at + 8, <u16>(date >> 48));
  store<u8>(at + 10, 0x54);
  store<u16>(at + 11, twoDigits(ofDay / 3600));
  store<u8>(at + 13, 0x3a);
  store<u16>(at + 14, twoDigits(ofDay / 60 % 60));
  store<u8>(at + 16, 0x3a);
  store<u16>(at + 17, twoDigits(ofDay % 60));
  store<u8>(at + 19, 0x5a);
  return at + TIMESTAMP_BYTES;
}

let lastDay: u32 = u32.MAX_VALUE;
let lastDate: u64 = 0;

/** `yyyymmdd` of a day since 1970. Those of a list are mostly one. */
function dateOf(day: u32): u64 {
  if (day != lastDay) {
    lastDay = day;
    lastDate = eightDigits(calendarDate(day + DAYS_BEFORE_1970));
  }
  return lastDate;
}

/** Year, month and day as one number. */
function calendarDate(day: u32): u32 {
  const cycle = day / DAYS_PER_CYCLE;
  const ofCycle = day - cycle * DAYS_PER_CYCLE;
  const yearOfCycle = (ofCycle - ofCycle / 1460 + ofCycle / 36524 - ofCycle / 146096) / 365;
  const ofYear = ofCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
  const month = (5 * ofYear + 2) / 153;
  const ofMonth = ofYear - (153 * month + 2) / 5 + 1;
  const isNextYear: u32 = month >= 10 ? 1 : 0;
  return (cycle * 400 + yearOfCycle + isNextYear) * 10000 + (month + 3 - 12 * isNextYear) * 100 + ofMonth;
}
