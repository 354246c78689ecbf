import * as fs from 'fs';
import * as path from 'path';
import { parseAllDocuments } from 'yaml';

const EXAMPLES = path.join(__dirname, 'examples');

export const EXAMPLE_IDS = fs.readdirSync(EXAMPLES).sort();

/** Manifests that break a rule, or that say the same and keep it. */
export function exampleText(ruleId: string, side: 'wrong' | 'right'): string {
  return fs.readFileSync(path.join(EXAMPLES, ruleId, `${side}.yaml`), 'utf8');
}

export function documentsOf(yaml: string): unknown[] {
  return parseAllDocuments(yaml).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as unknown;
  });
}
