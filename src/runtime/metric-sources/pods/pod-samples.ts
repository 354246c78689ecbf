import { createHash } from 'crypto';
import { CounterRates } from './counter-rates';
import { RunningPod } from './running-pods';
import { PageSeries } from './text-format';
import { Sample, seriesKey } from '../../prometheus/samples';

/** When a page was read. */
interface PageTime {
  readonly timestampMs: number;
  readonly monotonicMs: number;
}

/** Makes samples of what the pages of pods have: counters become rates, whatever else is taken as it is. */
export class PodSamples {
  private readonly rates: CounterRates;
  private unseen = false;

  /** `isCounter` is undefined for what the page says. */
  constructor(private readonly isCounter: boolean | undefined, windowMs: number) {
    this.rates = new CounterRates(windowMs);
  }

  /** Whether, since the round began, some counter was seen for the first time. */
  get awaitsSecond(): boolean {
    return this.unseen;
  }

  /** Has seen the pages that `before` has. */
  continueFrom(before: PodSamples): void {
    this.rates.continueFrom(before.rates);
  }

  beginRound(monotonicMs: number): void {
    this.rates.prune(monotonicMs);
    this.unseen = false;
  }

  /** @throws RoundBudgetError with what is too much of all pages */
  of({ uid, namespace, name }: RunningPod, found: readonly PageSeries[], { timestampMs, monotonicMs }: PageTime): readonly Sample[] {
    const known = { namespace, pod: name };
    return found.flatMap((one): Sample[] => {
      const labels = { ...one.labels, ...known };
      if (!(this.isCounter ?? one.isCounter ?? false)) return [{ labels, value: one.value, timestampMs }];
      const rate = this.rates.rate(counterKey(uid, one.labels), one.value, monotonicMs);
      this.unseen ||= rate === undefined;
      return rate ? [{ labels, value: rate.perSecond, windowSeconds: rate.windowSeconds, timestampMs }] : [];
    });
  }
}

/** As short for series of long labels, which come and go as pods like. */
function counterKey(uid: string, labels: Sample['labels']): string {
  return createHash('sha256').update(`${uid} ${seriesKey(labels)}`).digest('base64');
}
