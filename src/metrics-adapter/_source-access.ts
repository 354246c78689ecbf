import { IConstruct } from 'constructs';
import { SourceFile } from './_source-file';
import { MetricSourceOptions } from './source-access-options';
import { ExtensionApiServer } from '../extension-api-server/extension-api-server';
import { goDuration } from '../kubernetes/_go-duration';
import { sorted } from '../validation/_plain';

/** How something is asked over HTTP: what the configuration says of it, and the files that are mounted below a directory for it. */
export class SourceAccess {
  constructor(private readonly options: MetricSourceOptions, private readonly directory: string) {}

  /** As the adapter's configuration has it. */
  public get configuration(): object {
    const { headers, credentials, certificateAuthority, serverName, insecureSkipTlsVerify, timeout } = this.options;
    const tls = {
      ...certificateAuthority && { caFile: certificateAuthority._path(this.directory) },
      ...this.clientCertificate && {
        certFile: this.clientCertificate.pathIn(this.directory), keyFile: this.clientCertificate.pathIn(this.directory, 'tls.key'),
      },
      ...serverName !== undefined && { serverName },
      ...insecureSkipTlsVerify && { insecureSkipVerify: true },
    };
    return {
      ...headers && { headers: sorted(headers) },
      ...credentials?._configuration(this.directory),
      ...Object.keys(tls).length > 0 && { tls },
      ...timeout && { timeout: goDuration(timeout.toMilliseconds()) },
    };
  }

  /** `name` tells the volumes from those of others. */
  public mountOn(server: ExtensionApiServer, name: string): void {
    this.files.forEach((file) => server._mount(file.volume(`${name}-${file.folder}`), `${this.directory}/${file.folder}`));
  }

  public check(scope: IConstruct, property: string, namespace: string): void {
    const { credentials, certificateAuthority } = this.options;
    credentials?._check(scope, `${property}.credentials`, namespace);
    certificateAuthority?._check(scope, `${property}.certificateAuthority`, namespace);
    this.clientCertificate?.check(scope, `${property}.clientCertificate`, namespace);
  }

  private get files(): readonly SourceFile[] {
    const { credentials, certificateAuthority } = this.options;
    return [credentials?._file, certificateAuthority?._file, this.clientCertificate].filter((file) => file !== undefined);
  }

  private get clientCertificate(): SourceFile | undefined {
    const { clientCertificate } = this.options;
    return clientCertificate && new SourceFile('secret', clientCertificate, 'tls.crt', 'client-certificate', ['tls.key']);
  }
}
