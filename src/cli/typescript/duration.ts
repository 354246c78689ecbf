import { Call } from './expression';

const UNITS: readonly (readonly [method: string, ms: number])[] = [['hours', 3_600_000], ['minutes', 60_000], ['seconds', 1000], ['millis', 1]];

/** `Duration.minutes(5)` */
export function durationOfMs(ms: number): Call {
  const [method, unit] = UNITS.find(([, length]) => ms % length === 0) ?? ['millis', 1];
  return new Call(`Duration.${method}`, ms / unit);
}
