import { X509Certificate } from 'node:crypto';

/** The certificates in a PEM text. One that cannot be read must not lock out the users of the others. */
export function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).flatMap((certificate) => {
    try {
      return [new X509Certificate(certificate)];
    } catch {
      return [];
    }
  });
}
