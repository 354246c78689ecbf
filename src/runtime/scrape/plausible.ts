const NANOSECONDS_PER_SECOND = 1e9;
const UINT64_LIMIT = 2 ** 64;

/**
 * Nothing was measured before Kubernetes, nor a day from now, however wrong a node's clock is. Further away are Go's zero
 * time, and years of five digits, which are not RFC 3339: one of them in a list and no Go client could read the list.
 */
const EARLIEST_TIMESTAMP_MS = Date.UTC(2000, 0);
const MAX_TIMESTAMP_AHEAD_MS = 86_400_000;

/** Whether something may have been measured at that time; NaN is no time. */
export function isPlausibleTime(timestampMs: number, startedMs: number): boolean {
  return timestampMs >= EARLIEST_TIMESTAMP_MS && timestampMs <= startedMs + MAX_TIMESTAMP_AHEAD_MS;
}

export function nanoseconds(seconds: number): number {
  return whole(seconds * NANOSECONDS_PER_SECOND);
}

/** As Go converts to uint64, but NaN for what that type cannot hold. */
export function whole(value: number): number {
  return value >= 0 && value < UINT64_LIMIT ? Math.trunc(value) : NaN;
}
