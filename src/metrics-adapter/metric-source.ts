import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkHttpSource, checkPrometheusSource } from './_metric-source-checks';
import { SourceAccess } from './_source-access';
import { QueryVerb } from './query-verb';
import { MetricSourceOptions } from './source-access-options';

/** Options of `MetricSource.prometheus()`. */
export interface PrometheusSourceOptions extends MetricSourceOptions {
  /** URL of Prometheus, which may have a path in front of `/api/v1`, such as `http://prometheus.monitoring.svc:9090`. */
  readonly url: string;
  /**
   * Name of the source in messages and metrics: up to 63 lower-case letters, digits and -. One source has it.
   *
   * @default prometheus
   */
  readonly name?: string;
  /**
   * Time between two scrapes of what is queried, above zero. A rate over less than two of them has values by chance or none, and is
   * refused; over four, it has a value still when one fails.
   *
   * @default Duration.minutes(1) - as Prometheus itself
   */
  readonly scrapeInterval?: Duration;
  /**
   * How queries are sent.
   *
   * @default - GET, and POST for what is too long for a URL
   */
  readonly verb?: QueryVerb;
}

/** Options of `MetricSource.http()`. */
export interface HttpSourceOptions extends MetricSourceOptions {
  /** URL, to which the path of a document is added, such as `https://shop.example.com/api`. */
  readonly url: string;
  /** Name of the source in messages and metrics: up to 63 lower-case letters, digits and -. One source has it. */
  readonly name: string;
}

/** Where metrics come from. */
export class MetricSource {
  /**
   * Prometheus, or what else answers its API: Thanos, Mimir, VictoriaMetrics.
   *
   * @param options Where it is, and how it is asked
   */
  public static prometheus(options: PrometheusSourceOptions): MetricSource {
    return new MetricSource(options, true);
  }

  /**
   * Documents in JSON, for `MetricOrigin.http()`.
   *
   * @param options Where they are, and how they are asked for
   */
  public static http(options: HttpSourceOptions): MetricSource {
    return new MetricSource(options, false);
  }

  private constructor(
    private readonly options: PrometheusSourceOptions,
    /** @internal Whether it answers queries, and no documents. */
    public readonly _isPrometheus: boolean,
  ) {}

  /** @internal */
  public get _name(): string {
    return this.options.name ?? 'prometheus';
  }

  /** @internal */
  public get _scrapeInterval(): Duration {
    return this.options.scrapeInterval ?? Duration.minutes(1);
  }

  /** @internal */
  public get _access(): SourceAccess {
    return new SourceAccess(this.options);
  }

  /** @internal Whether it is shown the adapter's own ServiceAccount. */
  public get _takesServiceAccount(): boolean {
    return this.options.credentials?._isServiceAccount ?? false;
  }

  /** @internal As the adapter's configuration has it. */
  public get _configuration(): object {
    const { url, verb } = this.options;
    return { name: this._name, url, ...verb && { verb }, ...this._access.configuration };
  }

  /** @internal */
  public _check(scope: IConstruct, property: string, namespace: string): void {
    if (this._isPrometheus) checkPrometheusSource(scope, property, this.options);
    else checkHttpSource(scope, property, this.options as HttpSourceOptions);
    this._access.check(scope, property, namespace);
  }
}
