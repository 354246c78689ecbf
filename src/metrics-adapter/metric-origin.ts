import { FormulaOrigin } from './_formula-origin';
import { HttpOrigin } from './_http-origin';
import { ObjectsOrigin } from './_objects-origin';
import { Origin } from './_origin';
import { PodsOrigin } from './_pods-origin';
import { ScheduleOrigin } from './_schedule-origin';
import { MetricSource } from './metric-source';
import { HttpOriginOptions, ObjectsOriginOptions, PodsOriginOptions, ScheduleOriginOptions } from './origin-options';

/**
 * Where the values of a metric come from, if not from a query of Prometheus.
 *
 * @example
 * const metrics = new MetricsAdapter(this, 'metrics', {});
 * metrics.addPodsMetric('http_requests_per_second', {
 *   origin: MetricOrigin.pods({ podLabels: { app: 'web' }, port: 8080, values: PodValues.series('http_requests_total') }),
 * });
 * metrics.addExternalMetric('workers_wanted', {
 *   origin: MetricOrigin.schedule({ windows: [{ start: '0 8 * * mon-fri', end: '0 18 * * mon-fri', value: 10 }], outside: 1 }),
 * });
 */
export class MetricOrigin {
  /**
   * Pages of the pods themselves, which the adapter asks while an autoscaler asks for the metric: up to 1,000 pods. For `addPodsMetric()`.
   *
   * @param options Which pods, and what of their pages
   */
  public static pods(options: PodsOriginOptions): MetricOrigin {
    return new MetricOrigin(new PodsOrigin(options));
  }

  /**
   * A JSON document of a source.
   *
   * @param source One of the adapter's sources, made by `MetricSource.http()`
   * @param options Which document, and what of it
   */
  public static http(source: MetricSource, options: HttpOriginOptions): MetricOrigin {
    return new MetricOrigin(new HttpOrigin(source, options));
  }

  /**
   * Arithmetic with other metrics of the adapter, which are declared before this one.
   *
   * @param expression Names of metrics, with or without a selector of series, numbers, `+ - * /`, `min(…)`, `max(…)` and parentheses, such as
   * `max(1, queue_depth{queue!="dead"} / 50)`. A name with - in it stands in single quotes
   */
  public static formula(expression: string): MetricOrigin {
    return new MetricOrigin(new FormulaOrigin(expression));
  }

  /**
   * A value for each of several windows of time. For `addExternalMetric()`; an autoscaler that wants a number of pods takes it as `averageValue: '1'`.
   *
   * @param options The windows
   */
  public static schedule(options: ScheduleOriginOptions): MetricOrigin {
    return new MetricOrigin(new ScheduleOrigin(options));
  }

  /**
   * What stands in objects of the cluster, which the adapter is given the right to read. The labels `name` and `namespace` of the values are the object's.
   *
   * @param options Which objects, and what of them
   */
  public static objects(options: ObjectsOriginOptions): MetricOrigin {
    return new MetricOrigin(new ObjectsOrigin(options));
  }

  private constructor(
    /** @internal */
    public readonly _origin: Origin,
  ) {}
}
