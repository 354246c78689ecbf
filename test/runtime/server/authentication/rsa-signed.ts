import 'reflect-metadata';
import { createSign, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { Identity } from '../../../simulated-cluster/pki';

const RSA = { name: 'RSASSA-PKCS1-v1_5', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
const OID_PREFIX = Buffer.from('2a864886f70d0101', 'hex');
const MD5_WITH_RSA = 4;
const SHA1_WITH_RSA = 5;

/** A CA with an RSA key, and a client certificate that it signed over this hash. */
export async function rsaSigned(hash: 'SHA-256' | 'SHA-1' | 'MD5'): Promise<{ ca: Identity; client: Identity }> {
  // Web Crypto has no MD5.
  const signingAlgorithm = { ...RSA, hash: hash === 'MD5' ? 'SHA-1' : hash };
  const generateKeys = () => webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const [caKeys, clientKeys] = await Promise.all([generateKeys(), generateKeys()]);
  const validity = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 3_600_000) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=rsa',
    keys: caKeys,
    signingAlgorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const client = await x509.X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=alice',
    issuer: ca.subjectName,
    publicKey: clientKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm,
    extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
  });
  const caKey = await privateKeyPem(caKeys);
  const der = Buffer.from(client.rawData);
  return {
    ca: { certificate: `${ca.toString('pem')}\n`, key: caKey },
    client: {
      certificate: `${x509.PemConverter.encode(hash === 'MD5' ? signedOverMd5(der, caKey) : der, 'CERTIFICATE')}\n`,
      key: await privateKeyPem(clientKeys),
    },
  };
}

/** Names MD5 in both places where SHA-1 stands, and signs again. */
function signedOverMd5(der: Buffer, caKey: string): Buffer {
  for (let at = der.indexOf(OID_PREFIX); at >= 0; at = der.indexOf(OID_PREFIX, at + 1)) {
    const algorithm = at + OID_PREFIX.length;
    if (der[algorithm] === SHA1_WITH_RSA) der[algorithm] = MD5_WITH_RSA;
  }
  // SEQUENCE { SEQUENCE { … } algorithm, signature }, each of the first two with a length of two bytes.
  const signed = der.subarray(4, 4 + 4 + der.readUInt16BE(6));
  createSign('md5').update(signed).sign(caKey).copy(der, der.length - RSA.modulusLength / 8);
  return der;
}

async function privateKeyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')}\n`;
}
