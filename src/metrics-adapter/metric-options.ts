import { Duration } from 'cdk8s';
import { DescribedResource } from './described-resource';
import { MetricOrigin } from './metric-origin';
import { MetricSource } from './metric-source';

/** What becomes of the values of several sources, or of several series of one object. */
export enum Combination {
  /** Their sum. */
  SUM = 'sum',
  /** The largest of them. */
  MAX = 'max',
}

/** What it means that there is no value for what is asked. */
export enum EmptyMeaning {
  /** That it is not known: an autoscaler leaves the number of pods as it is. */
  ERROR = 'error',
  /** Zero. */
  ZERO = 'zero',
  /** The last value, up to `maxAge`. Then that it is not known. */
  LAST = 'last',
}

/** What it means that a value is no number, or infinite. */
export enum NanMeaning {
  /** That it is not known: an autoscaler leaves the number of pods as it is. */
  ERROR = 'error',
  /** Zero. */
  ZERO = 'zero',
  /** That this object or series has no value. */
  SKIP = 'skip',
  /** The last value, up to `maxAge`. Then that it is not known. */
  LAST = 'last',
}

/** Options of every metric. */
export interface MetricOptions {
  /**
   * PromQL that gives the values of all objects, or of all series, at once. It is read at synth by the grammar of Prometheus: what is none is refused, and so
   * are results without the labels that say which object a value is of, and rates over less than two scrapes.
   *
   * @default - `origin` is given
   */
  readonly query?: string;
  /**
   * Where the values come from instead of a query. Not beside `query`.
   *
   * @default - `query` is given
   */
  readonly origin?: MetricOrigin;
  /**
   * Sources that are asked by `query`, of those of the adapter. At least one. With several, no answer of one is no answer. Not beside `origin`.
   *
   * @default - the first Prometheus of the adapter
   */
  readonly sources?: MetricSource[];
  /**
   * What becomes of series with the same labels from several sources, and of several series of one object.
   *
   * @default Combination.SUM
   */
  readonly combine?: Combination;
  /**
   * How often it is asked while an autoscaler wants to know, from a second to an hour.
   *
   * @default Duration.seconds(15)
   */
  readonly refresh?: Duration;
  /**
   * How long the last answer is served while there is no newer one, from `refresh` to a day.
   *
   * @default - a minute, or two of `refresh` where that is longer
   */
  readonly maxAge?: Duration;
  /**
   * Time over which the values are rates or averages, as it is told to whoever asks. In whole seconds, above zero.
   *
   * @default - the longest range in the query; for rates of counters of pods a minute, or two of `refresh` where that is longer
   */
  readonly window?: Duration;
  /**
   * What it means that there is no value for what is asked.
   *
   * @default EmptyMeaning.ERROR
   */
  readonly onEmpty?: EmptyMeaning;
  /**
   * What it means that a value is no number, or infinite.
   *
   * @default NanMeaning.ERROR
   */
  readonly onNan?: NanMeaning;
  /**
   * The least value that is served. Smaller ones become it.
   *
   * @default - none
   */
  readonly minimum?: number;
  /**
   * The greatest value that is served. Greater ones become it. At least `minimum`.
   *
   * @default - none
   */
  readonly maximum?: number;
}

/** Options of `MetricsAdapter.addPodsMetric()`. */
export interface PodsMetricOptions extends MetricOptions {
  /**
   * Label of the result that holds the name of the pod. Not with `MetricOrigin.pods()`.
   *
   * @default pod
   */
  readonly nameLabel?: string;
  /**
   * Label of the result that holds the namespace of the pod. Not with `MetricOrigin.pods()`.
   *
   * @default namespace
   */
  readonly namespaceLabel?: string;
}

/** Options of `MetricsAdapter.addObjectMetric()`. */
export interface ObjectMetricOptions extends MetricOptions {
  /** What kind of object the values are of. */
  readonly resource: DescribedResource;
  /**
   * Label of the result that holds the name of the object.
   *
   * @default - the kind in lower case, such as `ingress`
   */
  readonly nameLabel?: string;
  /**
   * Label of the result that holds the namespace of the object. Not for namespaces themselves.
   *
   * @default namespace
   */
  readonly namespaceLabel?: string;
}

/** Options of `MetricsAdapter.addExternalMetric()`. */
export interface ExternalMetricOptions extends MetricOptions {
  /**
   * Label of the result that holds the namespace that may ask for the value. Not with `MetricOrigin.schedule()`.
   *
   * @default - none: every namespace, or each of `namespaces`, gets all series
   */
  readonly namespaceLabel?: string;
  /**
   * Namespaces whose autoscalers may ask for it. They ask as kube-controller-manager, whose right is for all namespaces, so that roles cannot say this. Others are
   * told that there is no such metric. At least one.
   *
   * @default - every namespace
   */
  readonly namespaces?: string[];
}
