import { DeclaredMetric } from '../configuration/declared-metric';
import { PrometheusError } from '../prometheus-error';
import { Sample } from '../samples';
import { Sources } from '../sources';

/** Series with the same labels are the same, whichever source they come from. */
export function seriesKey(labels: Sample['labels']): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The samples of a metric from all of its sources, as one. A source that does not answer fails the whole: a sum without one of its
 * parts is a wrong number, not an old one.
 *
 * @throws PrometheusError
 */
export async function combinedQuery(
  { query, sources: names, combine, object }: DeclaredMetric, sources: Sources, timeMs: number, signal: AbortSignal,
): Promise<readonly Sample[]> {
  const answers = await Promise.all(names.map(async (name) => {
    const prometheus = sources.get(name);
    const { type, samples } = await prometheus.query(query, timeMs, signal);
    if (object && type !== 'vector') throw new PrometheusError(prometheus.name, 'query', 'it gives one number without labels, which is of no object', query);
    return samples;
  }));
  const combined = new Map<string, Sample>();
  for (const sample of answers.flat()) {
    const key = seriesKey(sample.labels);
    const other = combined.get(key);
    combined.set(key, other ? merged(other, sample, combine) : sample);
  }
  return [...combined.values()];
}

/** As old as the older one. */
export function merged(one: Sample, other: Sample, combine: DeclaredMetric['combine']): Sample {
  const value = combine === 'sum' ? one.value + other.value : Math.max(one.value, other.value);
  return { labels: one.labels, value, timestampMs: Math.min(one.timestampMs, other.timestampMs) };
}
