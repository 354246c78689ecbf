// As with serving-certificate/issue.ts, import this module only by `await import()`.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

/** What a PKCS#10 certificate request asks for. */
export interface CertificateRequest {
  /** Each attribute of the subject's name, such as `['O', 'system:nodes']`, in order. */
  readonly subject: readonly (readonly [type: string, value: string])[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Kinds of other names, such as `email` and `url`, and of attributes and extensions beside the names: object identifiers. */
  readonly others: readonly string[];
}

x509.cryptoProvider.set(webcrypto);

/**
 * Reads one PEM block.
 *
 * @throws Error when it is none, or is not signed with the key that it asks a certificate for
 */
export async function readCertificateRequest(pem: string): Promise<CertificateRequest> {
  // Of several, others may read another one.
  if (!/^\s*-----BEGIN CERTIFICATE REQUEST-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE REQUEST-----\s*$/.test(pem)) {
    throw new Error('not one PEM block of type CERTIFICATE REQUEST');
  }
  const request = new x509.Pkcs10CertificateRequest(pem);
  if (!await request.verify()) throw new Error('not signed with its own key');
  const names = request.extensions.flatMap((extension) => extension instanceof x509.SubjectAlternativeNameExtension ? extension.names.items : []);
  const valuesOf = (type: string): string[] => names.filter((name) => name.type === type).map(({ value }) => value);
  const subject = request.subjectName.toJSON().flatMap((part) => Object.entries(part));
  return {
    subject: subject.flatMap(([type, values]) => values.map((value) => [type, value] as const)),
    dnsNames: valuesOf('dns'),
    ipAddresses: valuesOf('ip'),
    others: [
      ...surplus(request.attributes.map(({ type }) => type), EXTENSION_REQUEST),
      ...surplus(request.extensions.map(({ type }) => type), SUBJECT_ALTERNATIVE_NAME),
      ...names.map(({ type }) => type).filter((type) => type !== 'dns' && type !== 'ip'),
    ],
  };
}

/** All but the first of the one that may be there: of two, others may read the other one. */
function surplus(types: readonly string[], allowed: string): string[] {
  return types.filter((type, index) => type !== allowed || types.indexOf(type) !== index);
}
