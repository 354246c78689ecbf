/** What a kubelet's answer says of its machine's clock: how far that was ahead of our monotonic one, at least and at most. */
export interface ClockReading {
  readonly leastAheadMs: number;
  readonly mostAheadMs: number;
}

/** A Date header is cut to whole seconds. */
const PRECISION_MS = 1000;

/**
 * Reads the Date header, which was written between the two moments on our monotonic clock. Go's net/http, and so each kubelet, sends
 * one; undefined without (NaN).
 */
export function readClock(dateMs: number, askedAt: number, answeredAt: number): ClockReading | undefined {
  return Number.isNaN(dateMs) ? undefined : { leastAheadMs: dateMs - answeredAt, mostAheadMs: dateMs + PRECISION_MS - askedAt };
}
