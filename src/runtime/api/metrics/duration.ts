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
