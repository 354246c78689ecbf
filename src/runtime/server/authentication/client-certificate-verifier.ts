import { X509Certificate } from 'node:crypto';
import { PeerCertificates } from './peer-certificates';
import { BoundedCache } from '../../bounded-cache';
import { Clock } from '../../clock';
import { certificatesIn } from '../../cluster/certificates-in';

/** A client cannot make us check more signatures than this for one connection. */
const MAX_SIGNATURE_CHECKS = 64;
/** Old and new client CA, old and new request header CA. */
const MAX_BUNDLES = 4;

/** A chain is good while all of its certificates are. */
interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Tells which CA bundle a client certificate belongs to. That a chain is sound in all other ways is the TLS layer's verdict,
 * which is about all CAs together: it cannot tell a certificate of the front proxy's CA from one that any user has.
 */
export class ClientCertificateVerifier {
  private readonly bundles = new BoundedCache<readonly X509Certificate[]>(MAX_BUNDLES);
  /** By connection and bundle: validity is looked at each time, signatures once. */
  private readonly verified = new WeakMap<PeerCertificates, BoundedCache<readonly Validity[]>>();

  constructor(private readonly clock: Clock) {}

  /** Throws when no chain leads from the certificate to a CA of the bundle. */
  verify(peer: PeerCertificates, caBundle: string): void {
    const chains = this.chains(peer, caBundle);
    if (chains.length === 0) throw new Error('x509: certificate signed by unknown authority');
    const nowMs = this.clock.now();
    if (!chains.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs <= toMs)) {
      throw new Error('x509: certificate has expired or is not yet valid');
    }
  }

  private chains(peer: PeerCertificates, caBundle: string): readonly Validity[] {
    const known = this.verified.get(peer) ?? new BoundedCache<readonly Validity[]>(MAX_BUNDLES);
    this.verified.set(peer, known);
    return known.getOrMake(caBundle, () => new ChainSearch(this.parse(caBundle), peer.intermediates).from(peer.leaf));
  }

  private parse(caBundle: string): readonly X509Certificate[] {
    return this.bundles.getOrMake(caBundle, () => certificatesIn(caBundle));
  }
}

/** Finds every way from a certificate to a root, so that a CA renewed under the same name does no harm. */
class ChainSearch {
  private signatureChecks = 0;

  constructor(private readonly roots: readonly X509Certificate[], private readonly intermediates: readonly X509Certificate[]) {}

  from(leaf: X509Certificate): Validity[] {
    if (this.roots.some((root) => root.raw.equals(leaf.raw))) return [validityOf(leaf)];
    return this.continue([leaf]);
  }

  private continue(chain: readonly X509Certificate[]): Validity[] {
    const last = chain[chain.length - 1];
    const ended = this.roots.filter((root) => this.signs(root, last)).map((root) => intersection([...chain, root]));
    const longer = this.intermediates
      .filter((issuer) => !chain.some((member) => member.raw.equals(issuer.raw)) && this.signs(issuer, last))
      .flatMap((issuer) => this.continue([...chain, issuer]));
    return [...ended, ...longer];
  }

  private signs(issuer: X509Certificate, subject: X509Certificate): boolean {
    return issuer.ca && subject.checkIssued(issuer) && ++this.signatureChecks <= MAX_SIGNATURE_CHECKS && subject.verify(issuer.publicKey);
  }
}

function validityOf({ validFrom, validTo }: X509Certificate): Validity {
  return { fromMs: Date.parse(validFrom), toMs: Date.parse(validTo) };
}

function intersection(chain: readonly X509Certificate[]): Validity {
  const validities = chain.map(validityOf);
  return { fromMs: Math.max(...validities.map(({ fromMs }) => fromMs)), toMs: Math.min(...validities.map(({ toMs }) => toMs)) };
}
