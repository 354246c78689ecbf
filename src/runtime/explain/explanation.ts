import { Derivation } from '../metric-sources/derivation';

/** Where the values of a metric come from, and what an autoscaler makes of them. What does not apply is left out. */
export interface Explanation {
  readonly metric: string;
  /** `pods`; none for an external metric. */
  readonly resource?: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  /** None where another adapter has the metric. */
  readonly derivation?: Derivation;
  /** As they are served now: what was asked a while ago may be newer or older than what the derivation shows. */
  readonly values: readonly ExplainedValue[];
  /** Objects that were chosen, and have no value. */
  readonly withoutValue: readonly string[];
  readonly autoscaler?: AutoscalerView;
  /** What an autoscaler is told in place of values. */
  readonly failure?: string;
}

export interface ExplainedValue {
  readonly object?: string;
  /** Of the series of an external metric. */
  readonly labels?: Readonly<Record<string, string>>;
  /** A quantity. */
  readonly value: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly ageSeconds: number;
  readonly windowSeconds?: number;
}

/** The one number that an autoscaler compares with its target: of pods their average, of an external metric the sum of its series. */
export interface AutoscalerView {
  readonly type: 'Pods' | 'Object' | 'External';
  /** A quantity, in thousandths at the finest. */
  readonly value: string;
}
