import { Clock } from '../clock';
import { SourceConfiguration } from './source-configuration';
import { CachedFile } from '../cluster/cached-file';
import { ClusterConfig, Credentials } from '../cluster/cluster-config';

/** How soon a rotated file is noticed; a 401 notices it at once. */
const MAX_AGE_MS = 5_000;

/** Where a source is, how it is verified and how we prove who we are; every file is read again as it rotates. */
export class SourceAccess implements ClusterConfig {
  readonly server: URL;
  readonly insecureSkipTlsVerify: boolean;
  readonly tlsServerName: string | undefined;
  private readonly files = new Map<string, CachedFile>();

  constructor(private readonly configuration: SourceConfiguration, private readonly clock: Clock) {
    this.server = configuration.url;
    this.insecureSkipTlsVerify = configuration.tls.insecureSkipVerify;
    this.tlsServerName = configuration.tls.serverName;
  }

  certificateAuthority(): string | undefined {
    return this.read(this.configuration.tls.caFile);
  }

  async credentials(): Promise<Credentials> {
    const { bearerTokenFile, basicAuth, tls } = this.configuration;
    const certificate = this.read(tls.certFile);
    const key = this.read(tls.keyFile);
    return {
      bearerToken: this.read(bearerTokenFile)?.trim(),
      basic: basicAuth && { username: basicAuth.username, password: this.read(basicAuth.passwordFile)!.replace(/\r?\n$/, '') },
      clientCertificate: certificate !== undefined && key !== undefined ? { certificate, key } : undefined,
    };
  }

  invalidate(): void {
    for (const file of this.files.values()) file.invalidate();
  }

  private read(path: string | undefined): string | undefined {
    if (path === undefined) return undefined;
    let file = this.files.get(path);
    if (!file) {
      file = new CachedFile(path, this.clock, MAX_AGE_MS);
      this.files.set(path, file);
    }
    return file.read();
  }
}
