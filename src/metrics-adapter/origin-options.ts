import { DescribedResource } from './described-resource';
import { JsonValues } from './json-values';
import { PodValues } from './pod-values';
import { MetricSourceOptions } from './source-access-options';

/** Options of `MetricOrigin.pods()`. */
export interface PodsOriginOptions extends MetricSourceOptions {
  /** Labels that pods must have to be asked. At least one. Whoever may make such pods says what the metric is. */
  readonly podLabels: { readonly [key: string]: string };
  /** Port that is asked, from 1 to 65535. */
  readonly port: number;
  /** What of the page the metric is. */
  readonly values: PodValues;
  /**
   * Path of the page.
   *
   * @default /metrics
   */
  readonly path?: string;
  /**
   * Whether the pods serve TLS. Then `serverName` is the name that every pod's certificate has.
   *
   * @default false
   */
  readonly https?: boolean;
  /**
   * Namespace of the pods.
   *
   * @default - all of them
   */
  readonly podNamespace?: string;
}

/** Options of `MetricOrigin.http()`. */
export interface HttpOriginOptions extends JsonValues {
  /** Path behind the source's URL, with its query, such as `/queues?state=open`. The document may have 4 MiB. */
  readonly path: string;
}

/** Options of `MetricOrigin.objects()`. */
export interface ObjectsOriginOptions extends JsonValues {
  /** What kind of object is read. No Secrets: what they hold would stand in messages. */
  readonly resource: DescribedResource;
  /**
   * Namespace of the objects.
   *
   * @default - all of them, or none for what has none
   */
  readonly objectNamespace?: string;
  /**
   * Name of the one object that is read. With `objectNamespace` where it has a namespace, and not beside `objectLabels`.
   *
   * @default - all, up to 1,000
   */
  readonly objectName?: string;
  /**
   * Labels that objects must have to be read. Not beside `objectName`.
   *
   * @default - all, up to 1,000
   */
  readonly objectLabels?: { readonly [key: string]: string };
}

/** A span of time with a value of its own. */
export interface ScheduleWindow {
  /** Minutes at which it opens, as cron(8) has them, such as `0 8 * * mon-fri`. */
  readonly start: string;
  /** Minutes at which it closes: it is open until the next of them, over midnight too. */
  readonly end: string;
  /** Value of the metric meanwhile. */
  readonly value: number;
}

/** Options of `MetricOrigin.schedule()`. */
export interface ScheduleOriginOptions {
  /** Windows of time. At least one; of several that are open, the first one counts. */
  readonly windows: ScheduleWindow[];
  /**
   * Time zone of the windows, such as `Europe/Berlin`, as the image knows it.
   *
   * @default UTC
   */
  readonly timeZone?: string;
  /**
   * Value while no window is open.
   *
   * @default 0
   */
  readonly outside?: number;
}
