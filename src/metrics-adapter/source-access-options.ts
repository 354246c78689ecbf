import { Duration } from 'cdk8s';
import { SourceCa } from './source-ca';
import { SourceCredentials } from './source-credentials';
import { ISecretRef } from '../kubernetes/references';

/** How whatever speaks HTTP is asked. */
export interface SourceAccessOptions {
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
   * Time that one request may take, from 100 ms to a minute.
   *
   * @default Duration.seconds(10)
   */
  readonly timeout?: Duration;
}

/** How a source of values is asked, which may go without a proof of who it is. */
export interface MetricSourceOptions extends SourceAccessOptions {
  /**
   * Whether the source's certificate is not verified: whoever can answer in its place says how many pods run. Not beside `certificateAuthority`.
   *
   * @default false
   */
  readonly insecureSkipTlsVerify?: boolean;
}
