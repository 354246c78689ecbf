import { Finding } from './check';
import { Seen } from './cluster-reader';

/** What cannot be looked at, and why. */
export function notSeen(what: string, { message }: Extract<Seen<never>, { why: string }>): Finding {
  return { severity: 'unknown', saw: `cannot look at ${what}: ${message}` };
}

const MAX_NAMES = 5;

/** The first few, and how many more there are. */
export function namesOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
