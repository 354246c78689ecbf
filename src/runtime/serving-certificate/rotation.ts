import { dueMs, isSignedBy, validFromMs } from './certificate-checks';
import { BACKDATE_MS, KeyPair, ServingNames } from './key-pair';
import { ownCaName } from './own-ca';
import { ServingPairs } from './serving-secret';

/** How long clients are given to learn of a new CA before it is used, and replicas to change over before the old one goes. */
export const OVERLAP_MS = 86_400_000;

/** The longest time until ages are looked at again: clocks of machines are set. */
export const MAX_PAUSE_MS = 3_600_000;

/** What the Secret is to hold next, and from when on. */
export interface RotationStep {
  readonly atMs: number;
  readonly make: () => Promise<ServingPairs>;
}

/**
 * A CA is replaced in three steps, a day apart: clients are told to trust the new one too; it signs a new serving certificate;
 * clients are told to trust it alone. Where there is no certificate that anybody could verify, both are made at once.
 */
export function nextStep(
  { ca, serving, trusted }: Partial<ServingPairs> & Pick<ServingPairs, 'trusted'>, names: ServingNames, nowMs: number,
): RotationStep {
  const renewCa = async () => {
    const { createCertificateAuthority } = await import('./issue');
    const next = await createCertificateAuthority(ownCaName(nowMs), nowMs);
    return { ca: next, serving: serving ?? await issue(next, names, nowMs), trusted: [next.certificate, ...signersOf(serving, trusted)] };
  };
  if (ca === undefined) return { atMs: nowMs, make: renewCa };
  const renewServing = (trust: readonly string[]) => async () => ({ ca, serving: await issue(ca, names, nowMs), trusted: trust });
  if (serving === undefined) return { atMs: nowMs, make: renewServing([ca.certificate]) };
  if (!isSignedBy(serving.certificate, ca.certificate)) return { atMs: madeMs(ca) + OVERLAP_MS, make: renewServing(trusted) };
  const trustAlone = async () => ({ ca, serving, trusted: [ca.certificate] });
  return earliest([
    { atMs: dueMs(serving.certificate), make: renewServing(trusted) },
    ...trusted.length > 1 ? [{ atMs: madeMs(serving) + OVERLAP_MS, make: trustAlone }] : [],
    { atMs: dueMs(ca.certificate), make: renewCa },
  ]);
}

function madeMs({ certificate }: KeyPair): number {
  return validFromMs(certificate) + BACKDATE_MS;
}

function earliest(steps: readonly RotationStep[]): RotationStep {
  return steps.reduce((first, step) => step.atMs < first.atMs ? step : first);
}

async function issue(ca: KeyPair, names: ServingNames, nowMs: number): Promise<KeyPair> {
  const { issueServingCertificate } = await import('./issue');
  return issueServingCertificate(ca, names, nowMs);
}

function signersOf(serving: KeyPair | undefined, cas: readonly string[]): string[] {
  return serving === undefined ? [] : cas.filter((pem) => isSignedBy(serving.certificate, pem));
}
