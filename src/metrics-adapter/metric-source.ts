import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkPrometheusSource } from './_metric-source-checks';
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
   * Time between two scrapes of what is queried, above zero. A rate over less than two of them has values by chance or none, and is refused.
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

/** Where metrics come from. */
export class MetricSource {
  /**
   * Prometheus, or what else answers its API: Thanos, Mimir, VictoriaMetrics.
   *
   * @param options Where it is, and how it is asked
   */
  public static prometheus(options: PrometheusSourceOptions): MetricSource {
    return new MetricSource(options);
  }

  private constructor(private readonly options: PrometheusSourceOptions) {}

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
    return new SourceAccess(this.options, `/sources/${this._name}`);
  }

  /** @internal As the adapter's configuration has it. */
  public get _configuration(): object {
    const { url, verb } = this.options;
    return { name: this._name, url, ...verb && { verb }, ...this._access.configuration };
  }

  /** @internal */
  public _check(scope: IConstruct, property: string, namespace: string): void {
    checkPrometheusSource(scope, property, this.options);
    this._access.check(scope, property, namespace);
  }
}
