import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkPrometheusSource } from './_metric-source-checks';
import { SourceFile } from './_source-file';
import { QueryVerb } from './query-verb';
import { SourceCa } from './source-ca';
import { SourceCredentials } from './source-credentials';
import { goDuration } from '../kubernetes/_go-duration';
import { ISecretRef } from '../kubernetes/references';
import { sorted } from '../validation/_plain';

/** Options of `MetricSource.prometheus()`. */
export interface PrometheusSourceOptions {
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
  /**
   * Further headers of each request, such as `X-Scope-OrgID`. None that carries a secret: they stand in a ConfigMap.
   *
   * @default - none
   */
  readonly headers?: { readonly [key: string]: string };
  /**
   * What the adapter shows to be let in.
   *
   * @default - nothing
   */
  readonly credentials?: SourceCredentials;
  /**
   * Secret of type `kubernetes.io/tls`, in the adapter's namespace, with a client certificate to show: in `tls.crt`, its key in `tls.key`.
   *
   * @default - none
   */
  readonly clientCertificate?: ISecretRef;
  /**
   * CA certificates that the source's certificate is verified against. For `https` only.
   *
   * @default - those that the image trusts
   */
  readonly certificateAuthority?: SourceCa;
  /**
   * Name that the source's certificate has to have. For `https` only.
   *
   * @default - the host in `url`
   */
  readonly serverName?: string;
  /**
   * Whether the source's certificate is not verified: whoever can answer in its place says how many pods run. Not beside `certificateAuthority`.
   *
   * @default false
   */
  readonly insecureSkipTlsVerify?: boolean;
  /**
   * Time that one query may take, from 100 ms to a minute.
   *
   * @default Duration.seconds(10)
   */
  readonly timeout?: Duration;
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

  /** @internal Where its files are mounted. */
  public get _directory(): string {
    return `/sources/${this._name}`;
  }

  /** @internal Files that are mounted below its directory. */
  public get _files(): readonly SourceFile[] {
    const { credentials, certificateAuthority } = this.options;
    return [credentials?._file, certificateAuthority?._file, this.clientCertificateFile('tls.crt')].filter((file) => file !== undefined);
  }

  /** @internal As the adapter's configuration has it. */
  public get _configuration(): object {
    const { url, verb, headers, credentials, certificateAuthority, serverName, insecureSkipTlsVerify, timeout } = this.options;
    const tls = {
      ...certificateAuthority && { caFile: certificateAuthority._path(this._directory) },
      ...this.options.clientCertificate && {
        certFile: this.clientCertificateFile('tls.crt')!.pathIn(this._directory), keyFile: this.clientCertificateFile('tls.key')!.pathIn(this._directory),
      },
      ...serverName !== undefined && { serverName },
      ...insecureSkipTlsVerify && { insecureSkipVerify: true },
    };
    return {
      name: this._name,
      url,
      ...verb && { verb },
      ...headers && { headers: sorted(headers) },
      ...credentials?._configuration(this._directory),
      ...Object.keys(tls).length > 0 && { tls },
      ...timeout && { timeout: goDuration(timeout.toMilliseconds()) },
    };
  }

  /** @internal */
  public _check(scope: IConstruct, property: string, namespace: string): void {
    checkPrometheusSource(scope, property, this.options);
    const { credentials, certificateAuthority } = this.options;
    credentials?._check(scope, `${property}.credentials`, namespace);
    certificateAuthority?._check(scope, `${property}.certificateAuthority`, namespace);
    this.clientCertificateFile('tls.crt')?.check(scope, `${property}.clientCertificate`, namespace);
  }

  private clientCertificateFile(key: string): SourceFile | undefined {
    const { clientCertificate } = this.options;
    return clientCertificate && new SourceFile('secret', clientCertificate, key, 'client-certificate');
  }
}
