import { X509Certificate } from 'crypto';
import { Check, refuse } from '../validation/_validation';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** CA certificates in PEM. Whether they are still valid is left to whoever applies: output does not depend on the day. */
export const checkCaBundle: Check = (scope, property, caBundle) => {
  const text = typeof caBundle === 'string' ? caBundle : '';
  const allowed = 'CA certificates in PEM, beginning with -----BEGIN CERTIFICATE-----';
  // Not shown: it would stand in a build's log.
  if (text.includes('PRIVATE KEY-----')) {
    refuse(scope, { property, given: 'a private key', allowed, mend: 'take the key out; whoever reads APIServices would read it' });
  }
  const pems = text.match(CERTIFICATE) ?? [];
  if (pems.length === 0) {
    refuse(scope, {
      property,
      given: typeof caBundle === 'string' ? `${caBundle.slice(0, 20)}…` : caBundle,
      allowed,
      mend: 'give the PEM text itself, neither its base64 nor the name of a file',
    });
  }
  const certificates = pems.map((pem, i) => {
    try {
      return new X509Certificate(pem);
    } catch {
      return refuse(scope, { property, given: `as certificate ${i + 1} of ${pems.length} something that is none`, allowed, mend: 'give the file as it is, without a line missing' });
    }
  });
  // A self-signed certificate may say nothing about being a CA: kube-apiserver takes what stands in the bundle for trusted.
  if (certificates.some((certificate) => certificate.ca || certificate.checkIssued(certificate))) return;
  refuse(scope, {
    property,
    given: `a certificate of ${oneLine(certificates[0].subject)} that ${oneLine(certificates[0].issuer)} signed`,
    allowed: 'the certificate of a CA, which stays when the serving certificate is renewed',
    mend: 'give the certificate of who signed it, such as ca.crt beside tls.crt',
  });
};

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ') || 'a server without name';
}
