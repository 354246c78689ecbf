import * as fs from 'fs';
import * as path from 'path';
import { parseAllDocuments } from 'yaml';
import { quantityValue } from '../../src/validation/_quantity';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: any;
}

/** What one side has and the other has not, or has otherwise. */
export interface Difference {
  /** Kind and name of the object, then the path in it. */
  readonly at: string;
  readonly golden: unknown;
  readonly ours: unknown;
}

/** A difference that is meant. */
export interface NamedDifference extends Difference {
  readonly reason: string;
}

/** What only ours have; other tests say what is in it. */
export function added(at: string, reason: string): NamedDifference {
  return { at, golden: undefined, ours: expect.anything(), reason };
}

export const GOLDEN_MANIFESTS = path.join(__dirname, 'manifests');

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS()).filter((object) => object !== null);
}

/** Objects of a file, or of all files in a directory. */
export function readManifests(name: string): Manifest[] {
  const file = path.resolve(GOLDEN_MANIFESTS, name);
  const files = fs.statSync(file).isDirectory() ? fs.readdirSync(file).sort().map((entry) => path.join(file, entry)) : [file];
  return files.flatMap((f) => parseManifests(fs.readFileSync(f, 'utf8')));
}

/**
 * Differences between two sets of objects, whatever their order; quantities are compared by value. What Kubernetes merges by a key is found by
 * that key, and a container's arguments by their flag.
 */
export function differences(golden: Manifest[], ours: Manifest[]): Difference[] {
  const [goldenById, oursById] = [golden, ours].map((objects) => new Map(objects.map((object) => [identity(object), object])));
  expect([goldenById.size, oursById.size]).toEqual([golden.length, ours.length]);
  return compare('', Object.fromEntries(goldenById), Object.fromEntries(oursById));
}

export function identity({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

function compare(at: string, golden: unknown, ours: unknown): Difference[] {
  if (isTree(golden) && isTree(ours) && Array.isArray(golden) === Array.isArray(ours)) {
    const [theirMembers, ourMembers] = [members(at, golden), members(at, ours)];
    const keys = [...new Set([...Object.keys(theirMembers), ...Object.keys(ourMembers)])].sort();
    return keys.flatMap((key) => compare(at ? `${at}.${key}` : key, theirMembers[key], ourMembers[key]));
  }
  if (/\.resources\.(requests|limits)\.\w+$/.test(at) && golden !== undefined && ours !== undefined) {
    return quantityValue(String(golden)) === quantityValue(String(ours)) ? [] : [{ at, golden, ours }];
  }
  return golden === ours ? [] : [{ at, golden, ours }];
}

/** By what Kubernetes tells apart the members of a list, where their order means nothing. */
const LIST_KEYS: Readonly<Record<string, string>> = { containers: 'name', env: 'name', volumes: 'name', volumeMounts: 'mountPath' };

function members(at: string, tree: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(tree)) return tree;
  const field = /[^.]*$/.exec(at)![0];
  const key = LIST_KEYS[field];
  const keyed = tree.map((member, i) => {
    if (key) return [member[key], member];
    // A switch without a value is one that is on.
    const [, flag, value = 'true'] = (['args', 'command'].includes(field) && /^(--[^=]+)(?:=(.*))?$/s.exec(member)) || [];
    return flag ? [flag, value] : [String(i), member];
  });
  const found = Object.fromEntries(keyed);
  // Of two members with one key the second would hide the first.
  expect(Object.keys(found)).toHaveLength(tree.length);
  return found;
}

/** An object or a list: what has members. */
function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
