import { createHash } from 'crypto';
import { CounterRates } from './counter-rates';
import { PodPages } from './pod-pages';
import { RoundBudget } from './round-budget';
import { RunningPod } from './running-pods';
import { PageSeries, selectedSeries } from './text-format';
import { Sample, seriesKey } from '../../prometheus/samples';
import { brokenBound } from '../../scrape/json-bounds';
import { jsonSamples } from '../json-samples';

/** What an application says of itself is short. */
const JSON_BOUNDS = { maxDepth: 64, maxObjects: 100_000 };

/** Makes samples of the pages of pods: counters become rates, whatever else is taken as it is. */
export class PodSamples {
  private readonly rates: CounterRates;
  private budget = new RoundBudget();
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
    this.budget = new RoundBudget();
    this.unseen = false;
  }

  /** What of a page the metric is made of, before counters become rates. @throws Error with what is wrong with the page */
  found(pod: RunningPod, page: string, timestampMs: number): readonly (PageSeries | Sample)[] {
    const { series } = this.pages;
    return series ? selectedSeries(page, series) : this.ofJson(pod, page, timestampMs);
  }

  /** @throws Error with what is wrong with the page, RoundBudgetError with what is too much of all pages */
  of(pod: RunningPod, page: string, timestampMs: number, monotonicMs: number): readonly Sample[] {
    const { series, isCounter } = this.pages;
    const { budget } = this;
    budget.take('characters of pages', page.length);
    if (!series) return this.counted(this.ofJson(pod, page, timestampMs));
    const { uid } = pod;
    const known = labelsOf(pod);
    const selected = selectedSeries(page, series, (characters) => budget.take('characters of series', characters));
    budget.take('samples', selected.length);
    return selected.flatMap((one): Sample[] => {
      const labels = { ...one.labels, ...known };
      if (!(isCounter ?? one.isCounter ?? false)) return [{ labels, value: one.value, timestampMs }];
      const rate = this.rates.rate(counterKey(uid, one.labels), one.value, monotonicMs);
      this.unseen ||= rate === undefined;
      return rate ? [{ labels, value: rate.perSecond, windowSeconds: rate.windowSeconds, timestampMs }] : [];
    });
  }

  private counted(samples: readonly Sample[]): readonly Sample[] {
    this.budget.take('samples', samples.length);
    for (const { labels } of samples) this.budget.take('characters of series', charactersOf(labels));
    return samples;
  }

  private ofJson(pod: RunningPod, page: string, timestampMs: number): readonly Sample[] {
    return jsonSamples(parsed(page), this.pages.json!, timestampMs, labelsOf(pod));
  }
}

/** As short for series of long labels, which come and go as pods like. */
function counterKey(uid: string, labels: Sample['labels']): string {
  return createHash('sha256').update(`${uid} ${seriesKey(labels)}`).digest('base64');
}

function charactersOf(labels: Sample['labels']): number {
  return Object.entries(labels).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

function labelsOf({ namespace, name }: RunningPod): Sample['labels'] {
  return { namespace, pod: name };
}

function parsed(page: string): unknown {
  const broken = brokenBound(Buffer.from(page), JSON_BOUNDS);
  if (broken !== undefined) throw new Error(`it has ${broken}`);
  try {
    return JSON.parse(page);
  } catch {
    throw new Error('it is no JSON');
  }
}
