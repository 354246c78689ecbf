import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Clock, Stop } from '../clock';
import { isUsableServingPair } from './certificate-checks';
import { CertificateSource } from './certificate-source';
import { KeyPair, ServingNames } from './key-pair';
import { makeDirectory } from './make-directory';
import { ownCaName } from './own-ca';
import { UsageError } from '../flags/usage-error';
import { Logger } from '../telemetry/logger';

const CHECK_MS = 3_600_000;

/** metrics-server's names. */
const CERTIFICATE = 'apiserver.crt';
const KEY = 'apiserver.key';

/**
 * A certificate that nobody can verify, kept in `--cert-dir` under metrics-server's file names, or in memory when that is empty.
 * Unlike metrics-server's it is replaced before it expires.
 */
export class SelfSignedCertificate implements CertificateSource {
  private stopped = false;
  private stopTimer: Stop | undefined;

  constructor(private readonly options: { directory?: string; names: ServingNames; clock: Clock; logger: Logger }) {}

  /** Throws a UsageError when a certificate is needed and cannot be written. */
  public async start(onCertificate: (pair: KeyPair) => void): Promise<void> {
    const pair = await this.read() ?? await this.make();
    onCertificate(pair);
    this.check(pair, onCertificate);
  }

  public stop(): void {
    this.stopped = true;
    this.stopTimer?.();
  }

  public unready(): string | undefined {
    return undefined;
  }

  private check(pair: KeyPair, onCertificate: (pair: KeyPair) => void): void {
    const { clock, logger, names } = this.options;
    this.stopTimer = clock.after(CHECK_MS, async () => {
      let current = pair;
      try {
        if (!isUsableServingPair(pair, names, clock.now())) current = await this.make();
      } catch (error) {
        logger.warn('Keeping the serving certificate in use', { reason: (error as Error).message });
      }
      if (this.stopped) return;
      if (current !== pair) onCertificate(current);
      this.check(current, onCertificate);
    });
  }

  private async read(): Promise<KeyPair | undefined> {
    const { directory } = this.options;
    if (directory === undefined) return undefined;
    try {
      const [certificate, key] = await Promise.all([CERTIFICATE, KEY].map((name) => readFile(join(directory, name), 'utf8')));
      const pair = { certificate, key };
      return isUsableServingPair(pair, this.options.names, this.options.clock.now()) ? pair : undefined;
    } catch {
      return undefined;
    }
  }

  private async make(): Promise<KeyPair> {
    const { createCertificateAuthority, issueServingCertificate } = await import('./issue');
    const nowMs = this.options.clock.now();
    const ca = await createCertificateAuthority(ownCaName(nowMs), nowMs);
    const pair = await issueServingCertificate(ca, this.options.names, nowMs);
    await this.write(pair);
    return pair;
  }

  private async write({ certificate, key }: KeyPair): Promise<void> {
    const { directory } = this.options;
    if (directory === undefined) return;
    try {
      await makeDirectory(directory);
      await writeFile(join(directory, KEY), key, { mode: 0o600 });
      await writeFile(join(directory, CERTIFICATE), certificate, { mode: 0o644 });
    } catch (error) {
      throw new UsageError([`--cert-dir=${directory} cannot be written (${(error as NodeJS.ErrnoException).code}); pass a directory that can`]);
    }
  }
}
