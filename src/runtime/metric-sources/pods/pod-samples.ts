import { CounterRates } from './counter-rates';
import { PodPages } from './pod-pages';
import { RunningPod } from './running-pods';
import { PageSeries, selectedSeries } from './text-format';
import { seriesKey } from '../../prometheus/declared/combined-samples';
import { Sample } from '../../prometheus/samples';
import { jsonSamples } from '../json-samples';

/** Makes samples of the pages of pods: counters become rates, whatever else is taken as it is. */
export class PodSamples {
  private readonly rates: CounterRates;
  private unseen = false;

  constructor(private readonly pages: Pick<PodPages, 'series' | 'json' | 'isCounter'>, windowMs: number) {
    this.rates = new CounterRates(windowMs);
  }

  /** Whether, since the round began, some counter was seen for the first time. */
  get awaitsSecond(): boolean {
    return this.unseen;
  }

  beginRound(monotonicMs: number): void {
    this.rates.prune(monotonicMs);
    this.unseen = false;
  }

  /** What of a page the metric is made of, before counters become rates. @throws Error with what is wrong with the page */
  found(pod: RunningPod, page: string, timestampMs: number): readonly (PageSeries | Sample)[] {
    const { series } = this.pages;
    return series ? selectedSeries(page, series) : this.ofJson(pod, page, timestampMs);
  }

  /** @throws Error with what is wrong with the page */
  of(pod: RunningPod, page: string, timestampMs: number, monotonicMs: number): readonly Sample[] {
    const { series, isCounter } = this.pages;
    if (!series) return this.ofJson(pod, page, timestampMs);
    const { uid } = pod;
    const known = labelsOf(pod);
    return selectedSeries(page, series).flatMap((one): Sample[] => {
      const labels = { ...one.labels, ...known };
      if (!(isCounter ?? one.isCounter ?? false)) return [{ labels, value: one.value, timestampMs }];
      const rate = this.rates.rate(`${uid} ${seriesKey(one.labels)}`, one.value, monotonicMs);
      this.unseen ||= rate === undefined;
      return rate ? [{ labels, value: rate.perSecond, windowSeconds: rate.windowSeconds, timestampMs }] : [];
    });
  }

  private ofJson(pod: RunningPod, page: string, timestampMs: number): readonly Sample[] {
    return jsonSamples(parsed(page), this.pages.json!, timestampMs, labelsOf(pod));
  }
}

function labelsOf({ namespace, name }: RunningPod): Sample['labels'] {
  return { namespace, pod: name };
}

function parsed(page: string): unknown {
  try {
    return JSON.parse(page);
  } catch {
    throw new Error('it is no JSON');
  }
}
