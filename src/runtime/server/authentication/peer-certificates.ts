import { X509Certificate } from 'node:crypto';
import { PeerCertificate, DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** The certificates a client showed in the handshake, unverified. */
export interface PeerCertificates {
  readonly leaf: X509Certificate;
  readonly intermediates: readonly X509Certificate[];
}

/** Undefined when the client showed none. */
export function peerCertificatesOf(socket: Pick<TLSSocket, 'getPeerCertificate'>): PeerCertificates | undefined {
  const [leaf, ...intermediates] = chainFrom(socket.getPeerCertificate(true)).map((raw) => new X509Certificate(raw));
  return leaf && { leaf, intermediates };
}

/** Names that a certificate gives its owner. */
export interface CertificateSubject {
  /** Empty when it has none; the last one if there are several, as Go reads it. */
  readonly commonName: string;
  readonly organizations: readonly string[];
}

export function subjectOf({ leaf }: PeerCertificates): CertificateSubject {
  // Unlike `subject`, the legacy form does not escape: a name may hold commas and line breaks.
  const { CN, O } = leaf.toLegacyObject().subject as unknown as Record<string, string | string[] | undefined>;
  return { commonName: [CN ?? ''].flat().at(-1)!, organizations: [O ?? []].flat() };
}

/** Self-signed certificates name themselves as their issuer. */
function chainFrom(certificate: PeerCertificate | DetailedPeerCertificate | null): Buffer[] {
  const raws: Buffer[] = [];
  const seen = new Set<unknown>();
  for (let current = certificate; current?.raw && !seen.has(current); current = (current as DetailedPeerCertificate).issuerCertificate) {
    seen.add(current);
    raws.push(current.raw);
  }
  return raws;
}
