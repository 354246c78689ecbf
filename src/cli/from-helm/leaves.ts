import { isTree } from './values';

/** Leaves of a tree, by their paths. A list, and a map that is empty, is a leaf. */
export function prefixed(path: string, tree: unknown): Record<string, unknown> {
  if (!isTree(tree) || Object.keys(tree).length === 0) return { [path]: tree };
  return Object.assign({}, ...Object.entries(tree).map(([name, field]) => prefixed(`${path}.${name}`, field)));
}

/** Equal, whatever the order of fields. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([name, field]) => [name, sorted(field)]));
}
