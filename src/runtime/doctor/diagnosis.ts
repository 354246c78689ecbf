import { Check, Finding, Severity } from './check';
import { Examination } from './examination';

/** A finding with the check that made it. */
export interface Diagnosis extends Finding {
  readonly check: string;
}

/** Exit codes by the worst that was found; 2 is for mistakes of the command line. What is unknown is no fault. */
const EXIT_CODES: Readonly<Record<Severity, number>> = { ok: 0, unknown: 0, warning: 1, error: 3 };

/** Makes one check after the other. What is not made before the signal aborts is unknown. */
export async function diagnose(checks: readonly Check[], examination: Examination, signal: AbortSignal): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const check of checks) {
    const findings = await run(check, examination, signal);
    diagnoses.push(...findings.map((finding) => ({ check: check.id, ...finding })));
  }
  return diagnoses;
}

export function exitCodeOf(diagnoses: readonly Diagnosis[]): number {
  return Math.max(0, ...diagnoses.map(({ severity }) => EXIT_CODES[severity]));
}

async function run(check: Check, examination: Examination, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    signal.throwIfAborted();
    return await check.run(examination);
  } catch (error) {
    const reason = signal.aborted ? signal.reason : error;
    return [{ severity: 'unknown', saw: `not looked at: ${(reason as Error).message}` }];
  }
}
