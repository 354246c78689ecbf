import { X509Certificate } from 'node:crypto';

/** DER of OpenSSL's X509_CERT_AUX: `{ trust { id-kp-clientAuth } }`. */
const TRUSTED_FOR_CLIENTS = Buffer.from('300c300a06082b06010505070302', 'hex');

/**
 * The certificate in OpenSSL's own form of PEM, which makes it the end of a chain for client certificates even when it is
 * not self-signed: bundles may hold nothing but an intermediate CA, as Go's crypto/x509 allows. (Node.js has
 * `allowPartialTrustChain` for that, but not for the context of a server.)
 */
export function trustedForClients({ raw }: X509Certificate): string {
  const lines = Buffer.concat([raw, TRUSTED_FOR_CLIENTS]).toString('base64').match(/.{1,64}/g)!;
  return ['-----BEGIN TRUSTED CERTIFICATE-----', ...lines, '-----END TRUSTED CERTIFICATE-----', ''].join('\n');
}
