import { Asked, failureOf } from '../../metric-sources/sample-source';
import { Sample, seriesKey } from '../../prometheus/samples';
import { DeclaredMetric } from '../configuration/declared-metric';

/** What becomes of samples that are no numbers, and of numbers out of bounds, as a metric says it; and what was served last. */
export class SamplePolicy {
  /** Finite samples of the last while, by series; kept only where the metric asks for the last one. */
  private readonly kept = new Map<string, Sample>();

  /** The source is for messages. */
  constructor(private readonly metric: DeclaredMetric, private readonly source: Asked) {}

  /** What may be served again later. Call with each answer. */
  keep(samples: readonly Sample[], nowMs: number): void {
    const { onEmpty, onNaN, maxAgeMs } = this.metric;
    if (onEmpty !== 'last' && onNaN !== 'last') return;
    for (const sample of samples) {
      if (Number.isFinite(sample.value)) this.kept.set(seriesKey(sample.labels), sample);
    }
    for (const [key, { timestampMs }] of this.kept) {
      if (nowMs - timestampMs > maxAgeMs) this.kept.delete(key);
    }
  }

  /** Keeps what the policy of the same metric kept before. */
  continueFrom(before: SamplePolicy): void {
    for (const [key, sample] of before.kept) if (!this.kept.has(key)) this.kept.set(key, sample);
  }

  /** The latest of what was kept, for when there is nothing now. */
  last(matches: (labels: Sample['labels']) => boolean, nowMs: number): readonly Sample[] {
    const matching = [...this.kept.values()].filter(({ labels, timestampMs }) => matches(labels) && nowMs - timestampMs <= this.metric.maxAgeMs);
    const newestMs = matching.reduce((newest, { timestampMs }) => Math.max(newest, timestampMs), -Infinity);
    return matching.filter(({ timestampMs }) => timestampMs === newestMs);
  }

  /** A number within the bounds; undefined for a sample that is left out. @throws StatusError where the metric asks for an error */
  resolve(sample: Sample): Sample | undefined {
    const { minimum, maximum, onNaN } = this.metric;
    const value = Math.min(maximum, Math.max(minimum, sample.value));
    if (Number.isFinite(value)) return { ...sample, value };
    switch (onNaN) {
      case 'zero':
        return { ...sample, value: Math.min(maximum, Math.max(minimum, 0)) };
      case 'skip':
        return undefined;
      case 'last': {
        const kept = this.kept.get(seriesKey(sample.labels));
        return kept && this.resolve(kept);
      }
      case 'error':
        throw failureOf(this.source, 'query', `it gives ${value} for ${JSON.stringify(sample.labels)}; onNaN says what that means`).toStatus();
    }
  }
}
