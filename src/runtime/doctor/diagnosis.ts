import { Check, Finding, Severity } from './check';
import { Examination } from './examination';
import { abortable } from '../cluster/deadline';

/** A finding with the check that made it. */
export interface Diagnosis extends Omit<Finding, 'lacksRight'> {
  readonly check: string;
}

/** 2 is for mistakes of the command line. */
export const EXIT_CODES: Readonly<Record<Severity, number>> = { ok: 0, skipped: 0, warning: 1, error: 3, unknown: 4 };

/** Behind what is unknown there may be an error; not behind what the server need not see. */
export const WORST_FIRST: readonly Severity[] = ['error', 'unknown', 'warning', 'skipped', 'ok'];

/** Makes all checks at once, so that one that hangs keeps no other waiting. What is not made before the signal aborts is unknown. */
export async function diagnose(checks: readonly Check[], examination: Examination, signal: AbortSignal): Promise<Diagnosis[]> {
  const diagnoses = await Promise.all(checks.map(async (check) => {
    const findings = await run(check, examination, signal);
    return findings.map((finding) => ({ check: check.id, ...finding }));
  }));
  const findings = diagnoses.flat();
  const isServer = findings.some(({ lacksRight }) => lacksRight) && await asksAsServer(examination, signal);
  return findings.map(({ lacksRight, ...finding }) => lacksRight && isServer ? { ...finding, severity: 'skipped' } : finding);
}

/** Then nothing follows from what it may not look at: a server that looked at the cluster's Services would have rights that it does not need. */
async function asksAsServer(examination: Examination, signal: AbortSignal): Promise<boolean> {
  const [user, server] = await abortable(Promise.all([examination.user(), examination.serverUser()]), signal).catch(() => []);
  return user !== undefined && user === server;
}

/** Of the worst that was found. Where nothing was, nothing was looked at. */
export function exitCodeOf(diagnoses: readonly Diagnosis[]): number {
  return EXIT_CODES[WORST_FIRST.find((severity) => diagnoses.some((one) => one.severity === severity)) ?? 'unknown'];
}

async function run(check: Check, examination: Examination, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    signal.throwIfAborted();
    return await abortable(check.run(examination), signal);
  } catch (error) {
    const reason = signal.aborted ? signal.reason : error;
    return [{ severity: 'unknown', saw: `not looked at: ${(reason as Error).message}` }];
  }
}
