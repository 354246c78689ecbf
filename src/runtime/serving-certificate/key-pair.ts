/** A certificate with its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Clocks of nodes differ: a certificate is valid so long before it is made. */
export const BACKDATE_MS = 3_600_000;

/** Names that a serving certificate is good for. */
export interface ServingNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}
