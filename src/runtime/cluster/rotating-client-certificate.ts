import { createSecureContext } from 'node:tls';
import { ClientCertificate } from './cluster-config';
import { NO_CAS } from './no-cas';
import { RotatingText } from './rotating-text';
import { CIPHERS } from './tls-ciphers';

/**
 * A client certificate and its key, which rotate one after the other: two that do not fit together, or that TLS cannot use,
 * never replace the pair in use.
 */
export class RotatingClientCertificate {
  private inUse: ClientCertificate | undefined;
  private refused: (ClientCertificate & { readonly reason: string }) | undefined;
  private reported: string | undefined;

  /** `onRefused` is called once for each reason why the pair in use is not what the files hold now. */
  constructor(
    private readonly certificate: RotatingText,
    private readonly key: RotatingText,
    private readonly onRefused: (reason: string) => void,
  ) {}

  /** @throws Error of TLS while no pair has been usable yet */
  read(): ClientCertificate {
    const pair = { certificate: this.certificate.read(), key: this.key.read() };
    if (isSame(pair, this.inUse)) this.refused = undefined;
    else this.examine(pair);
    this.report(this.certificate.failure ?? this.key.failure ?? this.refused?.reason);
    return this.inUse!;
  }

  /** The next read goes to the files. */
  invalidate(): void {
    this.certificate.invalidate();
    this.key.invalidate();
  }

  private examine(pair: ClientCertificate): void {
    try {
      if (!isSame(pair, this.refused)) this.take(pair);
    } catch (error) {
      if (this.inUse === undefined) throw error;
      this.refused = { ...pair, reason: (error as Error).message };
    }
    // The other file may follow at any moment.
    if (this.refused) this.invalidate();
  }

  private take(pair: ClientCertificate): void {
    createSecureContext({ ca: NO_CAS, ciphers: CIPHERS, cert: pair.certificate, key: pair.key });
    this.inUse = pair;
    this.refused = undefined;
  }

  private report(reason: string | undefined): void {
    if (reason === this.reported) return;
    this.reported = reason;
    if (reason !== undefined) this.onRefused(reason);
  }
}

function isSame(a: ClientCertificate, b: ClientCertificate | undefined): boolean {
  return a.certificate === b?.certificate && a.key === b.key;
}
