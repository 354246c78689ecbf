import { IConstruct } from 'constructs';
import { checkJsonValues, jsonConfiguration } from './_json-checks';
import { checkSeriesSelector } from './_series-check';
import { JsonValues } from './json-values';
import { LabelSet } from '../promql/_label-set';
import { memberOf } from '../validation/_checks';

/** What the numbers of a series are. */
export enum SeriesType {
  /** A count that only grows: the value is its rate in a second, over `window`. */
  COUNTER = 'counter',
  /** The value as it is. */
  GAUGE = 'gauge',
}

/** What of the page of a pod a metric is. */
export class PodValues {
  /**
   * Series of a page in Prometheus' text format or OpenMetrics. Several of one pod are combined.
   *
   * @param selector Name, and labels with `=`, `!=`, `=~`, `!~` and a text in double quotes, such as `http_requests_total{code!~"5.."}`. Regular expressions are
   * read at synth
   * @param type What the series are, as the page says if left out
   */
  public static series(selector: string, type?: SeriesType): PodValues {
    return new PodValues(() => ({ series: selector, ...type !== undefined && { type } }), LabelSet.anyBut(), (scope, property) => {
      checkSeriesSelector(scope, `${property}.selector`, selector);
      if (type !== undefined) memberOf('SeriesType', SeriesType)(scope, `${property}.type`, type);
    });
  }

  /**
   * Values of a page in JSON.
   *
   * @param values Which of them
   */
  public static json(values: JsonValues): PodValues {
    return new PodValues(() => ({ json: jsonConfiguration(values) }), LabelSet.only(['namespace', 'pod', ...Object.keys(values?.labels ?? {})]), (scope, property) => {
      checkJsonValues(scope, `${property}.values`, values);
    });
  }

  private constructor(
    /** @internal As the configuration has it. */
    public readonly _configuration: () => object,
    /** @internal */
    public readonly _labels: LabelSet,
    /** @internal */
    public readonly _check: (scope: IConstruct, property: string) => void,
  ) {}
}
