import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { GOLDEN_MANIFESTS } from '../../golden/compare-manifests';

export const CHART_DIRECTORY = path.join(GOLDEN_MANIFESTS, 'helm-chart-3.13.1');

/** What the chart has gained since 3.13.1, in its repository. */
export const UNRELEASED: ReadonlyMap<string, unknown> = new Map<string, unknown>([['namespaceOverride', ''], ['hostUsers', null]]);

/** Every leaf of the chart's own values.yaml, in its order, and then what is not released yet, each with its default. */
export function chartLeaves(): ReadonlyMap<string, unknown> {
  const values = parse(fs.readFileSync(path.join(CHART_DIRECTORY, 'values.yaml'), 'utf8'));
  return new Map([...leaves('', values), ...UNRELEASED]);
}

/** A list, and a map that is empty, is a leaf. */
function leaves(prefix: string, tree: object): [string, unknown][] {
  return Object.entries(tree).flatMap(([name, value]): [string, unknown][] => {
    const at = prefix ? `${prefix}.${name}` : name;
    const isBranch = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
    return isBranch ? leaves(at, value) : [[at, value]];
  });
}
