import 'reflect-metadata';
import { createSign, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { Identity } from '../simulated-cluster/pki';

const RSA = { name: 'RSASSA-PKCS1-v1_5', publicExponent: new Uint8Array([1, 0, 1]) };
const OID_PREFIX = Buffer.from('2a864886f70d0101', 'hex');
const MD5_WITH_RSA = 4;
const SHA1_WITH_RSA = 5;

/** A CA with an RSA key of so many bits, and a certificate that it signed over this hash: of client alice, and of a server at 127.0.0.1. */
export async function rsaSigned(hash: 'SHA-256' | 'SHA-1' | 'MD5', modulusLength = 2048): Promise<{ ca: Identity; leaf: Identity }> {
  // Web Crypto has no MD5.
  const signingAlgorithm = { ...RSA, modulusLength, hash: hash === 'MD5' ? 'SHA-1' : hash };
  const generateKeys = () => webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
  const [caKeys, leafKeys] = await Promise.all([generateKeys(), generateKeys()]);
  const validity = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 3_600_000) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=rsa',
    keys: caKeys,
    signingAlgorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=alice',
    issuer: ca.subjectName,
    publicKey: leafKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm,
    extensions: [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
    ],
  });
  const caKey = await privateKeyPem(caKeys);
  const der = Buffer.from(leaf.rawData);
  return {
    ca: { certificate: `${ca.toString('pem')}\n`, key: caKey },
    leaf: {
      certificate: `${x509.PemConverter.encode(hash === 'MD5' ? signedOverMd5(der, caKey) : der, 'CERTIFICATE')}\n`,
      key: await privateKeyPem(leafKeys),
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
  const signature = createSign('md5').update(signed).sign(caKey);
  signature.copy(der, der.length - signature.length);
  return der;
}

async function privateKeyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')}\n`;
}
