import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Clock, Stop } from '../clock';
import { CertificateSource } from './certificate-source';
import { isUsableServingPair } from './judge';
import { KeyPair, ServingNames } from './key-pair';

const CHECK_MS = 3_600_000;

/**
 * A certificate that nobody can verify, kept in `--cert-dir` under metrics-server's file names.
 * Unlike metrics-server's it is replaced before it expires.
 */
export class SelfSignedCertificate implements CertificateSource {
  private stopped = false;
  private stopTimer: Stop | undefined;

  constructor(private readonly options: { directory: string; names: ServingNames; clock: Clock }) {}

  public async start(onCertificate: (pair: KeyPair) => void): Promise<void> {
    let pair = await this.read();
    onCertificate(pair ??= await this.make());
    const check = (): void => {
      this.stopTimer = this.options.clock.after(CHECK_MS, () => void this.renew(pair!).then((next) => {
        if (this.stopped) {
          return;
        }
        if (next !== pair) {
          onCertificate(pair = next);
        }
        check();
      }));
    };
    check();
  }

  public stop(): void {
    this.stopped = true;
    this.stopTimer?.();
  }

  public unready(): string | undefined {
    return undefined;
  }

  private async renew(pair: KeyPair): Promise<KeyPair> {
    return isUsableServingPair(pair, this.options.names, this.options.clock.now()) ? pair : this.make();
  }

  private async read(): Promise<KeyPair | undefined> {
    try {
      const [certificate, key] = await Promise.all([readFile(this.certFile, 'utf8'), readFile(this.keyFile, 'utf8')]);
      const pair = { certificate, key };
      return isUsableServingPair(pair, this.options.names, this.options.clock.now()) ? pair : undefined;
    } catch {
      return undefined;
    }
  }

  /** Throws when the directory cannot be written: the user's `--cert-dir` is wrong. */
  private async make(): Promise<KeyPair> {
    const { createCertificateAuthority, issueServingCertificate } = await import('./issue');
    const nowMs = this.options.clock.now();
    const ca = await createCertificateAuthority(`metrics-server-ca@${Math.floor(nowMs / 1000)}`, nowMs);
    const pair = await issueServingCertificate(ca, this.options.names, nowMs);
    await mkdir(this.options.directory, { recursive: true });
    await writeFile(this.keyFile, pair.key, { mode: 0o600 });
    await writeFile(this.certFile, pair.certificate, { mode: 0o644 });
    return pair;
  }

  private get certFile(): string {
    return join(this.options.directory, 'apiserver.crt');
  }

  private get keyFile(): string {
    return join(this.options.directory, 'apiserver.key');
  }
}
