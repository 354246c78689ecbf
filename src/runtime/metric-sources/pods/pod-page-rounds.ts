import { PageRounds, PageRoundsOptions } from './page-rounds';
import { PodPages } from './pod-pages';
import { PodSelection, runningPods } from './running-pods';
import { SourceHttp } from '../../prometheus/source-http';
import { MetricObjects } from '../metric-objects';

export interface PodPageRoundsOptions extends Pick<PageRoundsOptions, 'clock' | 'room' | 'sourceMetrics'> {
  readonly metricObjects: MetricObjects;
  readonly userAgent: string;
}

/** Which page of which pods is asked for, how often, and in whose name. */
export interface PageQuestion {
  readonly pages: PodPages;
  readonly pods: PodSelection;
  readonly refreshMs: number;
  readonly source: string;
}

/** The pages of one configuration: metrics that ask for the same page of the same pods in the same interval have its rounds together. */
export class PodPageRounds {
  private readonly rounds = new Map<string, PageRounds>();

  constructor(private readonly options: PodPageRoundsOptions) {}

  of({ pages, pods, refreshMs, source }: PageQuestion): PageRounds {
    const { metricObjects, clock, userAgent } = this.options;
    const { url, access, json } = pages;
    const key = JSON.stringify([pods, url.href, access, json !== undefined, refreshMs]);
    const rounds = this.rounds.get(key) ?? new PageRounds({
      ...this.options,
      pages,
      refreshMs,
      pods: runningPods(metricObjects, pods, refreshMs),
      http: new SourceHttp({ ...access, name: source, url }, clock, userAgent),
    });
    this.rounds.set(key, rounds);
    return rounds;
  }

  /** Ends all connections and what runs on them. */
  close(): void {
    this.rounds.forEach((rounds) => rounds.close());
  }
}
