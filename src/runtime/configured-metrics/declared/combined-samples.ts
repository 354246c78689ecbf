import { Sample, seriesKey } from '../../prometheus/samples';
import { DeclaredMetric } from '../configuration/declared-metric';

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
