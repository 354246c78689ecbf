import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { runCli } from '../run-cli';

const GOLDEN = path.join(__dirname, '..', '..', 'golden', 'from-helm');
const UNKNOWN = 'noSuchField';

const valueSets = fs.readdirSync(GOLDEN).filter((file) => file.endsWith('.yaml'));

/** Every map of a tree, by its path. */
function maps(tree: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const below = Object.entries(tree).flatMap(([name, value]) => maps(value, [...at, name]));
  return Array.isArray(tree) ? below : [at, ...below];
}

test.each(valueSets)('a field that nobody knows is said or named, wherever it stands in %s', (file) => {
  const values = parse(fs.readFileSync(path.join(GOLDEN, file), 'utf8'));
  for (const at of maps(values)) {
    const changed = structuredClone(values);
    at.reduce((tree, name) => tree[name], changed)[UNKNOWN] = 'x';

    const { out, errors } = runCli(['from-helm', '-'], { '-': JSON.stringify(changed) });

    // Below a value that is not translated, that one is named.
    const isNamed = [...out.matchAll(/NOT TRANSLATED: (.+?): /g)].some(([, value]) => `${at.join('.')}.`.startsWith(`${value}.`));
    expect({ at, isSaid: isNamed || [out, ...errors].some((text) => text.includes(UNKNOWN)) }).toEqual({ at, isSaid: true });
  }
});
