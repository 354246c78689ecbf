import { readFile } from 'node:fs/promises';
import { Clock, Stop } from '../clock';
import { CertificateSource } from './certificate-source';
import { KeyPair } from './key-pair';
import { Logger } from '../telemetry/logger';

/** cert-manager and the kubelet replace mounted files without a word; metrics-server notices within a minute. */
const POLL_MS = 5_000;

/** `--tls-cert-file` and `--tls-private-key-file`, re-read as they rotate. */
export class FileCertificate implements CertificateSource {
  private stopped = false;
  private stopTimer: Stop | undefined;
  private served: KeyPair | undefined;

  constructor(private readonly options: { certFile: string; keyFile: string; clock: Clock; logger: Logger }) {}

  /** Rejects when the files cannot be read at start; later, the last good pair stays. */
  public async start(onCertificate: (pair: KeyPair) => void): Promise<void> {
    this.offer(await this.read(), onCertificate);
    this.poll(onCertificate);
  }

  public stop(): void {
    this.stopped = true;
    this.stopTimer?.();
  }

  public unready(): string | undefined {
    return undefined;
  }

  private poll(onCertificate: (pair: KeyPair) => void): void {
    this.stopTimer = this.options.clock.after(POLL_MS, () => {
      this.read()
        .then((pair) => this.stopped || this.offer(pair, onCertificate))
        .catch((error: Error) => this.options.logger.warn('Keeping the serving certificate in use', { reason: error.message }))
        .finally(() => this.stopped || this.poll(onCertificate));
    });
  }

  private offer(pair: KeyPair, onCertificate: (pair: KeyPair) => void): void {
    if (pair.certificate === this.served?.certificate && pair.key === this.served.key) {
      return;
    }
    onCertificate(pair);
    this.served = pair;
  }

  private async read(): Promise<KeyPair> {
    const [certificate, key] = await Promise.all([readFile(this.options.certFile, 'utf8'), readFile(this.options.keyFile, 'utf8')]);
    return { certificate, key };
  }
}
