import { show } from './_judge';
import { RULES } from './_rules';

/** Refuses ids that no rule has: a misspelt one would acknowledge, or leave out, nothing. */
export function checkRuleIds(property: string, ids: unknown): void {
  if (!Array.isArray(ids)) {
    throw new Error(`${property}: given ${show(ids)}; allowed: a list of rule ids; to mend it, write ${property} as in [single-replica]`);
  }
  const known = RULES.map(({ id }) => id);
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger === undefined) return;
  throw new Error(`${property}: given ${show(stranger)}; allowed: ${known.join(', ')}; to mend it, write one of them`);
}
