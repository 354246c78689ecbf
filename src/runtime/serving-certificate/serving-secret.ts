import { isServable, isSignedBy, isTrustworthy, isUsableCa } from './certificate-checks';
import { KeyPair, ServingNames } from './key-pair';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g;

/** The Secret in which replicas share their CA and serving certificate. Empty when the chart has just been applied. */
export interface ServingSecret {
  readonly metadata: { readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** A certificate to serve with, what its clients must trust, and the CA that signs the next one. */
export interface ServingPairs {
  readonly ca: KeyPair;
  readonly serving: KeyPair;
  /** CA certificates: the signing one first, then those before it that clients still need. */
  readonly trusted: readonly string[];
}

/** What of the Secret can be used as it is. A serving certificate is worth nothing without the CA that signed it. */
export function pairsOf({ data = {} }: ServingSecret, names: ServingNames, nowMs: number): Partial<ServingPairs> & Pick<ServingPairs, 'trusted'> {
  const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString();
  const trusted = certificatesOf(text('ca.crt')).filter((pem) => isTrustworthy(pem, nowMs));
  const ca = { certificate: trusted[0] ?? '', key: text('ca.key') };
  const serving = { certificate: text('tls.crt'), key: text('tls.key') };
  const isVerifiable = isServable(serving, names, nowMs) && trusted.some((pem) => isSignedBy(serving.certificate, pem));
  return { ca: isUsableCa(ca, nowMs) ? ca : undefined, serving: isVerifiable ? serving : undefined, trusted };
}

/** Each certificate of a PEM text, whatever else stands there. */
export function certificatesOf(pem: string): readonly string[] {
  return pem.match(CERTIFICATE) ?? [];
}

/** `data` of the Secret that holds the pairs. Key names are those of kubernetes.io/tls Secrets. */
export function dataOf({ ca, serving, trusted }: ServingPairs): Record<string, string> {
  return {
    'ca.crt': base64(trusted.join('')),
    'ca.key': base64(ca.key),
    'tls.crt': base64(serving.certificate),
    'tls.key': base64(serving.key),
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
