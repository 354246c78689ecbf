import { X509Certificate } from 'node:crypto';
import { SecureContext } from 'node:tls';

/** A serving certificate for clients that ask for one of its names. */
export interface NamedCertificate {
  /** PEM, followed by its intermediates. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  /** Host names, the first label perhaps `*`. Those of the certificate when empty. */
  readonly names: readonly string[];
}

/** Finds the context for the name that a client asks for. */
export type ContextOfName = (name: string) => SecureContext | undefined;

/**
 * As k8s.io/apiserver: given names come before those of certificates, exact ones before wildcards, earlier certificates before
 * later ones.
 */
export function contextsByName(
  certificates: readonly NamedCertificate[], createContext: (certificate: NamedCertificate) => SecureContext,
): ContextOfName {
  const contexts = new Map<string, SecureContext>();
  const byGivenFirst = [...certificates].sort((a, b) => Number(a.names.length === 0) - Number(b.names.length === 0));
  for (const certificate of byGivenFirst) {
    const context = createContext(certificate);
    const names = certificate.names.length > 0 ? certificate.names : namesOf(certificate.cert);
    for (const name of names.map((given) => given.toLowerCase())) {
      if (!contexts.has(name)) contexts.set(name, context);
    }
  }
  return (asked) => {
    const name = asked.toLowerCase().replace(/\.$/, '');
    return contexts.get(name) ?? contexts.get(name.replace(/^[^.]*/, '*'));
  };
}

function namesOf(pem: string): string[] {
  const { subject, subjectAltName } = new X509Certificate(pem);
  const alternatives = [...subjectAltName?.matchAll(/(?:^|, )DNS:([^,]+)/g) ?? []];
  return (alternatives.length > 0 ? alternatives : [...subject.matchAll(/^CN=(.+)$/gm)]).map(([, name]) => name);
}
