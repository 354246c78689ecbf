import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Clock, Stop } from '../clock';
import { expiresMs } from './certificate-checks';
import { CertificateSource } from './certificate-source';
import { KeyPair } from './key-pair';
import { UsageError } from '../flags/usage-error';
import { Logger } from '../telemetry/logger';

/** cert-manager and the kubelet replace mounted files without a word; metrics-server notices within a minute. */
const POLL_MS = 5_000;

export interface FileCertificateOptions {
  readonly certFile: string;
  readonly keyFile: string;
  /** Of the command line, for messages. */
  readonly flags: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A certificate and its key in files, re-read as they rotate. */
export class FileCertificate implements CertificateSource {
  private stopped = false;
  private stopTimer: Stop | undefined;
  private served: KeyPair | undefined;
  /** Why the files cannot be served with, logged once. */
  private failure: string | undefined;
  /** The certificate whose expiry was logged. */
  private expired: string | undefined;

  constructor(private readonly options: FileCertificateOptions) {}

  /** Throws a UsageError when the files cannot be served with; later, the last good pair stays. */
  public async start(onCertificate: (pair: KeyPair) => void): Promise<void> {
    try {
      await this.refresh(onCertificate);
    } catch (error) {
      throw new UsageError([`${this.options.flags} cannot be served with`
        + ` (${(error as Error).message}); give a certificate and its key, both in PEM`]);
    }
    this.noteExpiry();
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
    const { clock, logger } = this.options;
    this.stopTimer = clock.after(POLL_MS, async () => {
      try {
        await this.refresh(onCertificate);
        this.failure = undefined;
      } catch (error) {
        // Files that are written one after the other do not fit together for a moment.
        const reason = (error as Error).message;
        if (reason !== this.failure) logger.warn('Keeping the serving certificate in use', { file: this.options.certFile, reason });
        this.failure = reason;
      }
      this.noteExpiry();
      if (!this.stopped) this.poll(onCertificate);
    });
  }

  /** It is served all the same: there is no other, and not every client looks. */
  private noteExpiry(): void {
    const { clock, logger, certFile } = this.options;
    if (this.stopped || !this.served || this.served.certificate === this.expired) return;
    const expiredMs = expiresMs(this.served.certificate);
    if (expiredMs > clock.now()) return;
    this.expired = this.served.certificate;
    logger.warn('The serving certificate has expired; clients that verify it refuse it until it is renewed', { file: certFile, expired: new Date(expiredMs).toISOString() });
  }

  private async refresh(onCertificate: (pair: KeyPair) => void): Promise<void> {
    const { certFile, keyFile } = this.options;
    const [certificate, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    if (this.stopped || certificate === this.served?.certificate && key === this.served.key) return;
    // As it is between truncating and writing. TLS would take it for no certificate at all, and fail every handshake.
    if (certificate.trim() === '' || key.trim() === '') throw new Error(`${certificate.trim() === '' ? certFile : keyFile} is empty`);
    // OpenSSL refuses a key of the certificate's own algorithm only, and fails every handshake with one of another.
    if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) throw new Error(`key values mismatch: ${keyFile} is not the key of ${certFile}`);
    onCertificate({ certificate, key });
    this.served = { certificate, key };
  }
}
