import { parsePrometheusDuration } from '../../_facts/prometheus-duration';

/** A string, a comment, or the range of a selector or subquery. */
const PIECE = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|\[\s*([0-9a-z]+)\s*(?::[^\]]*)?\]/gs;

/** Seconds of the longest range that a query looks over: `rate(x[2m])` is of two minutes. Undefined for values of one moment. */
export function queryWindowSeconds(query: string): number | undefined {
  let windowMs = 0;
  for (const [, range] of query.matchAll(PIECE)) windowMs = Math.max(windowMs, (range && parsePrometheusDuration(range)) || 0);
  return windowMs < 1000 ? undefined : Math.round(windowMs / 1000);
}
