import { createPrivateKey, X509Certificate } from 'node:crypto';
import { KeyPair, ServingNames } from './key-pair';

/** A certificate is replaced when this share of its life is left. */
const RENEW_SHARE = 1 / 3;

/** Whether a CA can still sign: it parses, its key fits, and a good part of its life is left. */
export function isUsableCa(pair: KeyPair, nowMs: number): boolean {
  const certificate = parsed(pair);
  return certificate !== undefined && certificate.ca && !isDue(certificate, nowMs);
}

/** Whether a certificate can be served with: signed by the CA (or by anyone, if none is given), for all names, not due for renewal. */
export function isUsableServingPair(pair: KeyPair, names: ServingNames, nowMs: number, ca?: KeyPair): boolean {
  const certificate = parsed(pair);
  if (certificate === undefined || isDue(certificate, nowMs)) {
    return false;
  }
  if (ca !== undefined && !certificate.verify(new X509Certificate(ca.certificate).publicKey)) {
    return false;
  }
  return names.dnsNames.every((name) => certificate.checkHost(name) !== undefined)
    && names.ipAddresses.every((address) => certificate.checkIP(address) !== undefined);
}

function parsed(pair: KeyPair): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pair.certificate);
    return certificate.checkPrivateKey(createPrivateKey(pair.key)) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function isDue(certificate: X509Certificate, nowMs: number): boolean {
  const notBeforeMs = Date.parse(certificate.validFrom);
  const notAfterMs = Date.parse(certificate.validTo);
  return nowMs < notBeforeMs || nowMs > notAfterMs - (notAfterMs - notBeforeMs) * RENEW_SHARE;
}
