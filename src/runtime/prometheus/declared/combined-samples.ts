import { DeclaredMetric } from '../configuration/declared-metric';
import { Sample } from '../samples';

/** Series with the same labels are the same, whichever source they come from. */
export function seriesKey(labels: Sample['labels']): string {
  let previous = '';
  for (const name of Object.keys(labels)) {
    if (name < previous) return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
    previous = name;
  }
  // In order already, as Prometheus writes them: this is asked of every sample of every answer.
  return JSON.stringify(labels);
}

/** One sample of each series. */
export function combined(samples: readonly Sample[], combine: DeclaredMetric['combine']): readonly Sample[] {
  const bySeries = new Map<string, Sample>();
  for (const sample of samples) {
    const key = seriesKey(sample.labels);
    const other = bySeries.get(key);
    bySeries.set(key, other ? merged(other, sample, combine) : sample);
  }
  return [...bySeries.values()];
}

/** As old as the older one. */
export function merged(one: Sample, other: Sample, combine: DeclaredMetric['combine']): Sample {
  const value = combine === 'sum' ? one.value + other.value : Math.max(one.value, other.value);
  return { ...one, value, timestampMs: Math.min(one.timestampMs, other.timestampMs) };
}
