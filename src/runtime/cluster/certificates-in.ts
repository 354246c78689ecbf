import { X509Certificate } from 'node:crypto';

const BEGIN = '-----BEGIN CERTIFICATE-----';

/**
 * The certificates in a PEM text, at least one. Each must be readable, as for k8s.io/apiserver: the one that is not may be
 * the one that counts, in a file that is being written.
 *
 * @throws Error that says what is wrong, to be preceded by what the text is
 */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.split(BEGIN).slice(1);
  if (blocks.length === 0) throw new Error('holds no certificate in PEM');
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(BEGIN + block);
    } catch {
      throw new Error(`holds a certificate that cannot be read, number ${index + 1} of ${blocks.length}`);
    }
  });
}
