import { Translation } from './translation';
import { parseDuration } from '../../runtime/flags/duration';
import { Call } from '../typescript/expression';

const UNITS: readonly (readonly [method: string, ms: number])[] = [['hours', 3_600_000], ['minutes', 60_000], ['seconds', 1000], ['millis', 1]];

/** A duration as Go and Prometheus write it, such as `1m30s`. */
export function durationOf(text: string, value: string, to: Translation): Call | undefined {
  const ms = parsedMs(text);
  if (ms === undefined) to.leave(value, `${JSON.stringify(text)} is no duration such as 15s or 1m30s`);
  return ms === undefined ? undefined : durationOfMs(ms);
}

export function durationOfMs(ms: number): Call {
  const [method, unit] = UNITS.find(([, length]) => ms % length === 0) ?? ['millis', 1];
  return new Call(`Duration.${method}`, ms / unit);
}

/** Milliseconds, or undefined where the text is no duration. */
export function parsedMs(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
