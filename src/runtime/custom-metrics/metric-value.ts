import { Quantity } from './quantity';

/** What was measured, and when. */
export interface Measurement {
  readonly value: Quantity;
  /** When it was true, Unix milliseconds: the time of the sample, not of the request. */
  readonly timestampMs: number;
  /** Seconds over which a rate was computed, whole. @default the value is of one moment */
  readonly windowSeconds?: number;
}

/** Value of a custom metric for one object. The server adds what the request says: metric, selector, resource and namespace. */
export interface MetricValue extends Measurement {
  readonly objectName: string;
}

/** Value of one series of an external metric. */
export interface ExternalMetricValue extends Measurement {
  /** @default none */
  readonly metricLabels?: Readonly<Record<string, string>>;
}
