// @peculiar/x509 is half of the runtime's code, needed for milliseconds: import this module only by `await import()`.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { BACKDATE_MS, KeyPair, ServingNames } from './key-pair';

const DAY_MS = 86_400_000;

export const CA_VALIDITY_MS = 10 * 365 * DAY_MS;
export const SERVING_VALIDITY_MS = 365 * DAY_MS;

// Go, OpenSSL and every Kubernetes distribution know it; keys are small and quick to make.
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

x509.cryptoProvider.set(webcrypto);

/** A new self-signed CA that may sign serving certificates and nothing below them. */
export async function createCertificateAuthority(commonName: string, nowMs: number, validityMs = CA_VALIDITY_MS): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: nameOf(commonName),
    keys,
    serialNumber: serialNumber(),
    notBefore: new Date(nowMs - BACKDATE_MS),
    notAfter: new Date(nowMs + validityMs),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toPem(certificate, keys);
}

/** A serving certificate for the given names, signed by the CA. */
export async function issueServingCertificate(
  ca: KeyPair, names: ServingNames, nowMs: number, validityMs = SERVING_VALIDITY_MS,
): Promise<KeyPair> {
  const keys = await generateKeys();
  const issuer = new x509.X509Certificate(ca.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: nameOf(names.dnsNames[0] ?? names.ipAddresses[0]),
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(ca.key),
    serialNumber: serialNumber(),
    notBefore: new Date(nowMs - BACKDATE_MS),
    notAfter: new Date(Math.min(nowMs + validityMs, issuer.notAfter.getTime())),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...names.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return toPem(certificate, keys);
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ALGORITHM, false, ['sign']);
}

async function toPem(certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<KeyPair> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate: `${certificate.toString('pem')}\n`, key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n` };
}

function nameOf(commonName: string): string {
  // A common name holds at most 64 characters (RFC 5280, ub-common-name); verification uses the alternative names.
  return `CN=${commonName.slice(0, 64)}`;
}

function serialNumber(): string {
  // Positive, and of the same length each time: the first byte is between 0x40 and 0x7f.
  const bytes = randomBytes(16);
  bytes[0] = 0x40 + bytes[0] % 0x40;
  return bytes.toString('hex');
}
