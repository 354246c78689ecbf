import { isDocumentPath } from '../_facts/adapter-configuration';
import { sorted } from '../validation/_plain';
import { Check, checkLabels, refuse } from '../validation/_validation';

/** What follows the URL of a source or pod. */
export const checkDocumentPath: Check = (scope, property, path) => {
  if (typeof path === 'string' && isDocumentPath(path)) return;
  refuse(scope, { property, given: path, allowed: 'printable ASCII that begins with / and has no #', mend: 'write it as in /api/queues?state=open' });
};

/** Labels that choose something: none would choose everything there is. */
export const checkFilledLabels: Check = (scope, property, labels) => {
  checkLabels(scope, property, labels ?? null);
  if (Object.keys(labels as object).length > 0) return;
  refuse(scope, { property, given: labels, allowed: 'at least one label', mend: `write ${property} as in { app: 'web' }` });
};

/** As the configuration has it. */
export function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(sorted(labels)).map(([key, value]) => `${key}=${value}`).join(',');
}
