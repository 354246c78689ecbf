import { X509Certificate } from 'node:crypto';
import { PeerCertificate, DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** The certificates a client showed in the handshake, unverified. */
export interface PeerCertificates {
  readonly leaf: X509Certificate;
  readonly intermediates: readonly X509Certificate[];
}

/** Kept on the socket itself: that of an HTTP/2 session is a proxy, which shows the properties of the real one. */
const PEER = Symbol('peer certificates');

type Socket = TLSSocket & { [PEER]?: { readonly certificates?: PeerCertificates } };

/**
 * Reads the certificates as soon as they are there, called while the handshake is under way. Later is too late: Node 24.21
 * drops the intermediates of a certificate that it could verify itself (nodejs/node#65579).
 */
export function rememberPeerCertificates(socket: Socket): void {
  if (socket[PEER]) return;
  socket[PEER] = {};
  socket.prependOnceListener('secure', () => {
    try {
      socket[PEER] = { certificates: parse(socket) };
    } catch {
      // What cannot be parsed is reported when it is asked for.
      socket[PEER] = undefined;
    }
  });
}

/** Undefined when the client showed none. Throws when what it showed cannot be read. Parsed once for a connection. */
export function peerCertificatesOf(socket: Socket): PeerCertificates | undefined {
  return (socket[PEER] ?? { certificates: parse(socket) }).certificates;
}

function parse(socket: TLSSocket): PeerCertificates | undefined {
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
