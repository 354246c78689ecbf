import { createPrivateKey, X509Certificate } from 'node:crypto';
import { KeyPair, ServingNames } from './key-pair';

/** A certificate is replaced when this share of its life is left. */
const RENEW_SHARE = 1 / 3;

/** Whether a CA can still sign: it parses, its key fits, and a good part of its life is left. */
export function isUsableCa(pair: KeyPair, nowMs: number): boolean {
  return parsedPair(pair)?.ca === true && !isDue(pair.certificate, nowMs);
}

/** Whether a certificate can be served with, now and for some time: valid for all names, not due for renewal. */
export function isUsableServingPair(pair: KeyPair, names: ServingNames, nowMs: number): boolean {
  return isServable(pair, names, nowMs) && !isDue(pair.certificate, nowMs);
}

/** Whether clients that trust its CA accept the certificate now. */
export function isServable(pair: KeyPair, names: ServingNames, nowMs: number): boolean {
  const certificate = parsedPair(pair);
  return certificate !== undefined
    && isValid(certificate, nowMs)
    && names.dnsNames.every((name) => certificate.checkHost(name) !== undefined)
    && names.ipAddresses.every((address) => certificate.checkIP(address) !== undefined);
}

/** Whether clients may trust a CA certificate now. */
export function isTrustworthy(pem: string, nowMs: number): boolean {
  const certificate = parsed(pem);
  return certificate !== undefined && certificate.ca && isValid(certificate, nowMs);
}

export function isSignedBy(pem: string, caPem: string): boolean {
  return new X509Certificate(pem).verify(new X509Certificate(caPem).publicKey);
}

/** When the certificate should be replaced. Unix milliseconds. */
export function dueMs(pem: string): number {
  const { fromMs, toMs } = validityOf(new X509Certificate(pem));
  return toMs - (toMs - fromMs) * RENEW_SHARE;
}

/** When the first certificate of a chain, which is served, expires. Unix milliseconds. */
export function expiresMs(pem: string): number {
  return validityOf(new X509Certificate(pem)).toMs;
}

/** When the certificate became valid. Unix milliseconds. */
export function validFromMs(pem: string): number {
  return validityOf(new X509Certificate(pem)).fromMs;
}

/** Undefined when it is no certificate. */
export function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function isDue(pem: string, nowMs: number): boolean {
  return nowMs < validFromMs(pem) || nowMs >= dueMs(pem);
}

function isValid(certificate: X509Certificate, nowMs: number): boolean {
  const { fromMs, toMs } = validityOf(certificate);
  return fromMs <= nowMs && nowMs <= toMs;
}

function validityOf({ validFrom, validTo }: X509Certificate): { fromMs: number; toMs: number } {
  return { fromMs: Date.parse(validFrom), toMs: Date.parse(validTo) };
}

/** Undefined also when the key is another's. */
function parsedPair({ certificate: pem, key }: KeyPair): X509Certificate | undefined {
  const certificate = parsed(pem);
  try {
    return certificate?.checkPrivateKey(createPrivateKey(key)) ? certificate : undefined;
  } catch {
    return undefined;
  }
}
