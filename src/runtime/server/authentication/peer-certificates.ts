import { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';

/** The certificates a client showed in the handshake, which the TLS layer verified against all CAs together. */
export interface PeerCertificates {
  readonly leaf: X509Certificate;
  readonly intermediates: readonly X509Certificate[];
}

/** Real chains have one or two; each costs its client nothing and us time. */
const MAX_INTERMEDIATES = 5;

/** Kept on the socket itself: that of an HTTP/2 session is a proxy, which shows the properties of the real one. */
const LEAF = Symbol('verified leaf');
const PEER = Symbol('peer certificates');

type Socket = TLSSocket & {
  [LEAF]?: X509Certificate;
  [PEER]?: PeerCertificates;
  /** Of Node.js itself, undefined when the chain is verified. Not documented, but the public `authorized` comes too late. */
  readonly _handle?: { verifyError?(): Error | undefined };
};

/**
 * Keeps a verified chain, called while the handshake is under way: the first to read it takes it out of OpenSSL, and Node
 * 24.21 does that when the handshake ends (nodejs/node#65579). Nothing is parsed of a chain that is not verified.
 */
export function keepVerifiedPeer(socket: Socket): void {
  // A handshake derives several keys.
  if (LEAF in socket) return;
  socket[LEAF] = undefined;
  socket.prependOnceListener('secure', () => {
    if (!socket._handle?.verifyError?.()) socket[LEAF] = socket.getPeerX509Certificate();
  });
}

/** Undefined when the client showed none. Throws when what it showed was not verified. Read once for a connection. */
export function peerCertificatesOf(socket: Socket): PeerCertificates | undefined {
  return socket[PEER] ??= verifiedPeer(socket);
}

function verifiedPeer(socket: Socket): PeerCertificates | undefined {
  const leaf = socket[LEAF];
  // A resumed session may be authorized without a certificate.
  if (socket.authorized && leaf) return { leaf, intermediates: intermediatesAbove(leaf) };
  // Without details Node.js parses the leaf alone.
  const shown = socket.getPeerCertificate() as { raw?: Buffer } | null;
  if (!shown?.raw) return undefined;
  throw new Error(`x509: certificate is not acceptable: ${String(socket.authorizationError)}`);
}

function intermediatesAbove(leaf: X509Certificate): X509Certificate[] {
  const intermediates: X509Certificate[] = [];
  for (let issuer = leaf.issuerCertificate; issuer; issuer = issuer.issuerCertificate) {
    if (intermediates.length === MAX_INTERMEDIATES) throw new Error(`x509: more than ${MAX_INTERMEDIATES} intermediate certificates`);
    intermediates.push(issuer);
  }
  return intermediates;
}

/** Names that a certificate gives its owner. */
export interface CertificateSubject {
  /** Empty when it has none; the last one if there are several, as Go reads it. */
  readonly commonName: string;
  readonly organizations: readonly string[];
}

const subjects = new WeakMap<PeerCertificates, CertificateSubject>();

/** Read once for a connection: it takes longer than all else that a request needs. */
export function subjectOf(peer: PeerCertificates): CertificateSubject {
  const subject = subjects.get(peer) ?? readSubject(peer);
  subjects.set(peer, subject);
  return subject;
}

function readSubject({ leaf }: PeerCertificates): CertificateSubject {
  // Unlike `subject`, the legacy form does not escape: a name may hold commas and line breaks.
  const { CN, O } = leaf.toLegacyObject().subject as unknown as Record<string, string | string[] | undefined>;
  return { commonName: [CN ?? ''].flat().at(-1)!, organizations: [O ?? []].flat() };
}
