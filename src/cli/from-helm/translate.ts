import { nearest } from '../../_facts/nearest';
import { Mistake } from '../mistake';
import { Release } from './chart';
import { MAPPINGS } from './mappings';
import { Translation } from './translation';
import { isTree, Values } from './values';

const LEAVES = MAPPINGS.flatMap(({ values }) => Object.keys(values));
const TREES = MAPPINGS.flatMap(({ trees = [] }) => trees);

/** What a release becomes. */
export function translate(values: Values, release: Release): Translation {
  const to = new Translation();
  leaveUnknown('', values.given, values, to);
  for (const mapping of MAPPINGS) mapping.translate?.(values, to, release);
  return to;
}

/** Helm ignores what the chart does not know, misspelt or not. */
function leaveUnknown(path: string, given: Readonly<Record<string, unknown>>, values: Values, to: Translation): void {
  for (const [name, value] of Object.entries(given)) {
    const at = path ? `${path}.${name}` : name;
    if (LEAVES.includes(at) || TREES.includes(at)) continue;
    if (!LEAVES.some((leaf) => leaf.startsWith(`${at}.`))) {
      const known = nearest(at, LEAVES);
      to.leave(at, `the chart does not read it${known ? `; it reads ${known}` : ''}`);
    } else if (isTree(value)) {
      leaveUnknown(at, value, values, to);
    } else {
      throw new Mistake(`${values.locate(at)}: ${at}: given ${JSON.stringify(value)}; allowed: a map`);
    }
  }
}
