import { nearest } from '../../_facts/nearest';
import { Mistake } from '../mistake';
import { Release } from './chart';
import { prefixed } from './leaves';
import { MAPPINGS } from './mappings';
import { isRead, remarkUnread } from './switches';
import { Translation } from './translation';
import { GLOBAL } from './umbrella';
import { isTree, Values } from './values';

const DEFAULTS = Object.assign({}, ...MAPPINGS.map(({ values }) => values));
const LEAVES = Object.keys(DEFAULTS);
const TREES = MAPPINGS.flatMap(({ trees = [] }) => trees);

/** What a release becomes. */
export function translate(values: Values, release: Release): Translation {
  const to = new Translation();
  leaveUnknown('', values.given, values, to);
  remarkUnread(knownIn(values.given), DEFAULTS, values, to);
  for (const mapping of MAPPINGS) {
    if (Object.keys(mapping.values).some((path) => isRead(path, values))) mapping.translate?.(values, to, release);
  }
  leaveMissing(values, to);
  return to;
}

/** A number that null took away: the chart would print a manifest that no cluster takes. */
function leaveMissing(values: Values, to: Translation): void {
  const needed = LEAVES.filter((path) => typeof DEFAULTS[path] === 'number' && !TREES.includes(path.split('.')[0]) && path !== 'replicas');
  for (const path of needed) {
    if (values.at(path) === undefined && isRead(path, values) && !to.isLeft(path)) to.leave(path, `null takes away the ${DEFAULTS[path]} that the chart needs there`);
  }
}

/** Leaves that the chart knows, by their paths. */
function knownIn(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const leaves: [string, unknown][] = Object.entries(given).flatMap(([name, value]) => Object.entries(prefixed(name, value)));
  return Object.fromEntries(leaves.filter(([path]) => [...LEAVES, ...TREES].some((known) => path === known || path.startsWith(`${known}.`))));
}

/** Helm ignores what the chart does not know, misspelt or not. */
function leaveUnknown(path: string, given: Readonly<Record<string, unknown>>, values: Values, to: Translation): void {
  for (const [name, value] of Object.entries(given)) {
    const at = path ? `${path}.${name}` : name;
    if (LEAVES.includes(at) || TREES.includes(at)) continue;
    if (at === GLOBAL) {
      if (isTree(value) && Object.keys(value).length > 0) to.remark('', `The chart reads nothing of ${GLOBAL}, so nothing here says the same`);
    } else if (!LEAVES.some((leaf) => leaf.startsWith(`${at}.`))) {
      const known = nearest(at, LEAVES);
      to.leave(at, `the chart does not read it${known ? `; it reads ${known}` : ''}`);
    } else if (isTree(value)) {
      leaveUnknown(at, value, values, to);
    } else {
      throw new Mistake(`${values.locate(at)}: ${at}: given ${JSON.stringify(value)}; allowed: a map`);
    }
  }
}
