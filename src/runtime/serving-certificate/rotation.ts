import { ageMs, isDue, isSignedBy } from './judge';
import { KeyPair, ServingNames } from './key-pair';
import { ServingPairs } from './serving-secret';

/** How long clients are given to learn of a new CA before it is used, and replicas to change over before the old one goes. */
const OVERLAP_MS = 86_400_000;

/**
 * What is to follow, undefined while all is well. A CA is replaced in three steps, a day apart: clients are told to trust
 * the new one too; it signs a new serving certificate; clients are told to trust it alone. Where there is no certificate
 * that anybody could verify, both are made at once.
 */
export async function nextPairs(
  { ca, serving, trusted }: Partial<ServingPairs> & Pick<ServingPairs, 'trusted'>, names: ServingNames, nowMs: number,
): Promise<ServingPairs | undefined> {
  if (ca === undefined) {
    const { createCertificateAuthority } = await import('./issue');
    const next = await createCertificateAuthority(`metrics-server-ca@${Math.floor(nowMs / 1000)}`, nowMs);
    return { ca: next, serving: serving ?? await issue(next, names, nowMs), trusted: [next.certificate, ...signersOf(serving, trusted)] };
  }
  if (serving === undefined) return { ca, serving: await issue(ca, names, nowMs), trusted: [ca.certificate] };
  if (!isSignedBy(serving.certificate, ca.certificate)) {
    return ageMs(ca.certificate, nowMs) < OVERLAP_MS ? undefined : { ca, serving: await issue(ca, names, nowMs), trusted };
  }
  if (isDue(serving.certificate, nowMs)) return { ca, serving: await issue(ca, names, nowMs), trusted };
  return trusted.length > 1 && ageMs(serving.certificate, nowMs) >= OVERLAP_MS ? { ca, serving, trusted: [ca.certificate] } : undefined;
}

async function issue(ca: KeyPair, names: ServingNames, nowMs: number): Promise<KeyPair> {
  const { issueServingCertificate } = await import('./issue');
  return issueServingCertificate(ca, names, nowMs);
}

function signersOf(serving: KeyPair | undefined, cas: readonly string[]): string[] {
  return serving === undefined ? [] : cas.filter((pem) => isSignedBy(serving.certificate, pem));
}
