import { Check, Finding, Severity } from './check';
import { Examination } from './examination';
import { abortable } from '../cluster/deadline';

/** A finding with the check that made it. */
export interface Diagnosis extends Finding {
  readonly check: string;
}

/** 2 is for mistakes of the command line. */
export const EXIT_CODES: Readonly<Record<Severity, number>> = { ok: 0, warning: 1, error: 3, unknown: 4 };

/** Behind what is unknown there may be an error. */
export const WORST_FIRST: readonly Severity[] = ['error', 'unknown', 'warning', 'ok'];

/** Makes all checks at once, so that one that hangs keeps no other waiting. What is not made before the signal aborts is unknown. */
export async function diagnose(checks: readonly Check[], examination: Examination, signal: AbortSignal): Promise<Diagnosis[]> {
  const diagnoses = await Promise.all(checks.map(async (check) => {
    const findings = await run(check, examination, signal);
    return findings.map((finding) => ({ check: check.id, ...finding }));
  }));
  return diagnoses.flat();
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
