import { Finding } from './check';
import { Seen } from './cluster-reader';

/** What cannot be looked at, and why. */
export function notSeen(what: string, { why, message }: Extract<Seen<never>, { why: string }>): Finding {
  const saw = `cannot look at ${what}: ${message}`;
  return why === 'forbidden' ? { severity: 'unknown', lacksRight: true, saw, mend: 'ask as somebody who may: docs/doctor.md has a ClusterRole of all that is looked at' } : { severity: 'unknown', saw };
}

const MAX_NAMES = 5;

/** The first few, and how many more there are. */
export function namesOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What mends that something cannot be looked at from outside of the cluster's network. */
export const FROM_INSIDE = 'run the doctor in the server\'s pod, as docs/doctor.md says';
