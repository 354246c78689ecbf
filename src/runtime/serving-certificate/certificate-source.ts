import { KeyPair } from './key-pair';

/** Where the serving certificate comes from: files, a directory of our own, or a Secret of our own. */
export interface CertificateSource {
  /** Calls back with a certificate to serve with, soon, and again whenever it changes. */
  start(onCertificate: (pair: KeyPair) => void): Promise<void>;
  stop(): void;
  /** Undefined when clients can verify what is served, otherwise what is missing. */
  unready(): string | undefined;
}
