import { ScrapeAttempt, ScrapeFailure, ScrapeFailureReason, ScrapeOutcome } from './outcome';

/** Why nobody was reached, in the order in which it shows: who comes further knows more. */
const STAGES: readonly ScrapeFailureReason[] = [
  'dns', 'unreachable', 'timeout', 'refused', 'protocol', 'tls', 'x509-unknown-authority', 'x509-weak', 'x509-expired', 'x509-name-mismatch',
];

/** What to tell of several addresses: of the one that was reached, otherwise of the one whose failure says most, and in its message of the others. */
export function mostTelling(attempts: readonly ScrapeAttempt[], reached: boolean): Pick<ScrapeOutcome, 'address' | 'certificateNames' | 'failure' | 'otherAttempts'> {
  const told = reached ? attempts[attempts.length - 1] : attempts.reduce((best, attempt) => stage(attempt) > stage(best) ? attempt : best);
  const { address, certificateNames, failure } = told;
  if (attempts.length === 1) return { address, certificateNames, failure };
  const otherAttempts = attempts.filter((attempt) => attempt !== told);
  return { address, certificateNames, failure: failure && withOthers(failure, otherAttempts), otherAttempts };
}

function stage({ failure }: ScrapeAttempt): number {
  return STAGES.indexOf(failure!.reason);
}

function withOthers({ reason, message }: ScrapeFailure, others: readonly ScrapeAttempt[]): ScrapeFailure {
  return { reason, message: `${message}; no better at ${others.map(({ address, failure }) => `${address} (${failure!.reason})`).join(', ')}` };
}
