import { Check, isRecord, refuse } from './_validation';

/** A part of a manifest that is passed on as it is: only what YAML can say, and no object within itself. */
export const checkTree: Check = (scope, property, value) => checkBranch(scope, property, value, []);

function checkBranch(scope: Parameters<Check>[0], property: string, value: unknown, above: readonly unknown[]): void {
  const isLeaf = value === null || value === undefined || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
  if (isLeaf) return;
  if ((!Array.isArray(value) && !isRecord(value)) || above.includes(value)) {
    refuse(scope, {
      property,
      given: value,
      allowed: 'text, numbers, true, false, null, and lists and objects of these, none within itself',
      mend: 'write it as the Kubernetes API has it',
    });
  }
  for (const [key, field] of Object.entries(value)) checkBranch(scope, Array.isArray(value) ? `${property}[${key}]` : `${property}.${key}`, field, [...above, value]);
}
