/** Of values in any order. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Nearest rank: with fewer than 100 values the 99th percentile is the greatest. */
export function percentile(ascending: readonly number[], percent: number): number {
  return ascending[Math.ceil(ascending.length * percent / 100) - 1];
}
