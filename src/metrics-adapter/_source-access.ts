import { IConstruct } from 'constructs';
import { SourceFile } from './_source-file';
import { pathOf } from './_source-volume';
import { MetricSourceOptions } from './source-access-options';
import { goDuration } from '../kubernetes/_go-duration';
import { sorted } from '../validation/_plain';

/** How something is asked over HTTP: what the configuration says of it, and the files that it needs. */
export class SourceAccess {
  constructor(private readonly options: MetricSourceOptions) {}

  /** As the adapter's configuration has it. */
  public get configuration(): object {
    const { headers, credentials, certificateAuthority, serverName, insecureSkipTlsVerify, timeout } = this.options;
    const [certificate, key] = this.clientCertificate;
    const tls = {
      ...certificateAuthority && { caFile: certificateAuthority._path },
      ...certificate && { certFile: pathOf(certificate), keyFile: pathOf(key) },
      ...serverName !== undefined && { serverName },
      ...insecureSkipTlsVerify && { insecureSkipVerify: true },
    };
    return {
      ...headers && { headers: sorted(headers) },
      ...credentials?._configuration,
      ...Object.keys(tls).length > 0 && { tls },
      ...timeout && { timeout: goDuration(timeout.toMilliseconds()) },
    };
  }

  public get files(): readonly SourceFile[] {
    const { credentials, certificateAuthority } = this.options;
    return [credentials?._file, certificateAuthority?._file, ...this.clientCertificate].filter((file) => file !== undefined);
  }

  public check(scope: IConstruct, property: string, namespace: string): void {
    const { credentials, certificateAuthority } = this.options;
    credentials?._check(scope, `${property}.credentials`, namespace);
    certificateAuthority?._check(scope, `${property}.certificateAuthority`, namespace);
    this.clientCertificate.forEach((file) => file.check(scope, `${property}.clientCertificate`, namespace));
  }

  private get clientCertificate(): readonly SourceFile[] {
    const { clientCertificate } = this.options;
    return clientCertificate ? ['tls.crt', 'tls.key'].map((key) => new SourceFile('secret', clientCertificate, key)) : [];
  }
}
