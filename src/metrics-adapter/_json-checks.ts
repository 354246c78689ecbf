import { JsonValues } from './json-values';
import { isJsonLabel } from '../_facts/adapter-configuration';
import { JsonPathSyntaxError, parseJsonPath } from '../_facts/json-path';
import { fieldsOf, OptionalChecks } from '../validation/_checks';
import { sorted } from '../validation/_plain';
import { Check, checkText, isRecord, refuse } from '../validation/_validation';

const checkPath: Check = (scope, property, path) => {
  checkText(scope, property, path);
  try {
    parseJsonPath(path as string);
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError)) throw error;
    refuse(scope, { property, given: path, allowed: `a JSON path; at character ${error.offset + 1} ${error.message}`, mend: 'write it as in {.status.replicas}' });
  }
};

const checkLabels: Check = (scope, property, labels) => {
  if (!isRecord(labels)) refuse(scope, { property, given: labels, allowed: 'JSON paths by label', mend: `write ${property} as in { queue: '{.name}' }` });
  for (const [name, path] of Object.entries(labels)) {
    if (!isJsonLabel(name)) refuse(scope, { property, given: name, allowed: 'letters, digits, _, . and - as a label, not beginning with a digit', mend: 'rename the label' });
    checkPath(scope, `${property}['${name}']`, path);
  }
};

export const checkNumber: Check = (scope, property, value) => {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  refuse(scope, { property, given: value, allowed: 'a number', mend: `set ${property} to one, or leave it out` });
};

export const JSON_REQUIRED = { value: checkPath };
export const JSON_OPTIONAL: OptionalChecks<JsonValues> = { items: checkPath, labels: checkLabels, absent: checkNumber };

export const checkJsonValues = fieldsOf<JsonValues>(JSON_REQUIRED, JSON_OPTIONAL);

/** As the adapter's configuration has it. */
export function jsonConfiguration({ items, value, labels, absent }: JsonValues): object {
  return { ...items !== undefined && { items }, value, ...labels && { labels: sorted(labels) }, ...absent !== undefined && { absent } };
}
