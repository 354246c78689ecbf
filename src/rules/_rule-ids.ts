import { RULES } from './_rules';
import { describe } from '../validation/_validation';

/** Refuses ids that no rule has: a misspelt one would acknowledge, or leave out, nothing. */
export function checkRuleIds(property: string, ids: unknown): void {
  if (!Array.isArray(ids)) {
    throw new Error(describe({ property, given: ids, allowed: 'a list of rule ids', mend: `write ${property} as in [single-replica]` }));
  }
  const known = RULES.map(({ id }) => id);
  const stranger = ids.findIndex((id) => !known.includes(id));
  if (stranger < 0) return;
  throw new Error(describe({ property, given: ids[stranger], allowed: known.join(', '), mend: 'write one of them' }));
}
