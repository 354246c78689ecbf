import { CounterRates } from './counter-rates';
import { PodPages } from './pod-pages';
import { RunningPod } from './running-pods';
import { selectedSeries } from './text-format';
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

  /** @throws Error with what is wrong with the page */
  of({ namespace, name, uid }: RunningPod, page: string, timestampMs: number, monotonicMs: number): readonly Sample[] {
    const known = { namespace, pod: name };
    const { series, json, isCounter } = this.pages;
    if (!series) return jsonSamples(parsed(page), json!, timestampMs, known);
    return selectedSeries(page, series).flatMap((one): Sample[] => {
      const labels = { ...one.labels, ...known };
      if (!(isCounter ?? one.isCounter ?? false)) return [{ labels, value: one.value, timestampMs }];
      const rate = this.rates.rate(`${uid} ${seriesKey(one.labels)}`, one.value, monotonicMs);
      this.unseen ||= rate === undefined;
      return rate ? [{ labels, value: rate.perSecond, windowSeconds: rate.windowSeconds, timestampMs }] : [];
    });
  }
}

function parsed(page: string): unknown {
  try {
    return JSON.parse(page);
  } catch {
    throw new Error('it is no JSON');
  }
}
