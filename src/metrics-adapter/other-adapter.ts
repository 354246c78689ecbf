import { IConstruct } from 'constructs';
import { checkOtherAdapter } from './_metric-source-checks';
import { SourceAccess } from './_source-access';
import { SourceAccessOptions } from './source-access-options';

/** Options of `OtherAdapter.at()`. */
export interface OtherAdapterOptions extends SourceAccessOptions {
  /**
   * URL of the adapter's Service, such as `https://keda-operator-metrics-apiserver.keda.svc`. Only `https`: a token is sent to it.
   */
  readonly url: string;
  /** Name of the adapter in messages and metrics: up to 63 lower-case letters, digits and -. No other adapter and no source has it. */
  readonly name: string;
}

/**
 * Another server of custom and external metrics, such as KEDA or prometheus-adapter, which had the API groups before. It is asked for what is not declared here.
 *
 * What the adapter shows it is the token of its own ServiceAccount, which may read all metrics then, unless `credentials` or `clientCertificate` is given. Whoever
 * runs the other adapter could use that token.
 *
 * @example
 * new MetricsAdapter(this, 'metrics', {
 *   adapters: [OtherAdapter.at({
 *     name: 'keda',
 *     url: 'https://keda-operator-metrics-apiserver.keda.svc',
 *     certificateAuthority: SourceCa.secret(SecretRef.fromName('keda-ca')),
 *   })],
 * });
 */
export class OtherAdapter {
  /**
   * An adapter at a URL.
   *
   * @param options Where it is, and how it is asked
   */
  public static at(options: OtherAdapterOptions): OtherAdapter {
    return new OtherAdapter(options);
  }

  private constructor(private readonly options: OtherAdapterOptions) {}

  /** @internal */
  public get _name(): string {
    return this.options.name;
  }

  /** @internal */
  public get _access(): SourceAccess {
    return new SourceAccess(this.options);
  }

  /** @internal Whether it knows the adapter by the ServiceAccount, which then has to have the right. */
  public get _takesServiceAccount(): boolean {
    const { credentials, clientCertificate } = this.options;
    return credentials ? credentials._isServiceAccount : !clientCertificate;
  }

  /** @internal As the adapter's configuration has it. */
  public get _configuration(): object {
    return { name: this._name, url: this.options.url, ...this._access.configuration };
  }

  /** @internal */
  public _check(scope: IConstruct, property: string, namespace: string): void {
    checkOtherAdapter(scope, property, this.options);
    this._access.check(scope, property, namespace);
  }
}
