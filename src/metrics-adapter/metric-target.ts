/** What an autoscaler keeps the mean of pods at. */
export interface PodsMetricTarget {
  /** Mean of the pods' values: a quantity above zero, such as `100` or `500m`. */
  readonly averageValue: string;
}

/** What an autoscaler keeps the value of an object at: `value` or `averageValue`. */
export interface ObjectMetricTarget {
  /** Name of the object, in the autoscaler's namespace. */
  readonly name: string;
  /**
   * The value itself: a quantity above zero, such as `2k`.
   *
   * @default - `averageValue` is given
   */
  readonly value?: string;
  /**
   * The value divided by the number of pods: a quantity above zero, such as `100`.
   *
   * @default - `value` is given
   */
  readonly averageValue?: string;
}

/** What an autoscaler keeps the sum of an external metric's series at: `value` or `averageValue`. */
export interface ExternalMetricTarget {
  /**
   * The sum itself: a quantity above zero, such as `2k`.
   *
   * @default - `averageValue` is given
   */
  readonly value?: string;
  /**
   * The sum divided by the number of pods: a quantity above zero, such as `30`.
   *
   * @default - `value` is given
   */
  readonly averageValue?: string;
}
