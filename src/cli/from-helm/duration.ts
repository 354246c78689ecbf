import { Translation } from './translation';
import { parseDuration } from '../../runtime/flags/duration';
import { durationOfMs } from '../typescript/duration';
import { Call } from '../typescript/expression';

/** A duration as Go and Prometheus write it, such as `1m30s`. */
export function durationOf(text: string, value: string, to: Translation): Call | undefined {
  const ms = parsedMs(text);
  if (ms === undefined) to.leave(value, `${JSON.stringify(text)} is no duration such as 15s or 1m30s`);
  return ms === undefined ? undefined : durationOfMs(ms);
}

/** Milliseconds, or undefined where the text is no duration. */
export function parsedMs(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}
