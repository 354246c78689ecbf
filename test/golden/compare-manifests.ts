import * as fs from 'fs';
import * as path from 'path';
import { parseAllDocuments } from 'yaml';
import { quantityValue } from '../../src/_quantity';

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

export const GOLDEN_MANIFESTS = path.join(__dirname, 'manifests');

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS()).filter((object) => object !== null);
}

/** Objects of a file, or of all files in a directory. */
export function readManifests(name: string): Manifest[] {
  const file = path.join(GOLDEN_MANIFESTS, name);
  const files = fs.statSync(file).isDirectory() ? fs.readdirSync(file).sort().map((entry) => path.join(file, entry)) : [file];
  return files.flatMap((f) => parseManifests(fs.readFileSync(f, 'utf8')));
}

/** Differences between two sets of objects, whatever their order; quantities are compared by value. */
export function differences(golden: Manifest[], ours: Manifest[]): Difference[] {
  const [goldenById, oursById] = [golden, ours].map((objects) => new Map(objects.map((object) => [identity(object), object])));
  expect([goldenById.size, oursById.size]).toEqual([golden.length, ours.length]);
  return compare('', Object.fromEntries(goldenById), Object.fromEntries(oursById));
}

function identity({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

function compare(at: string, golden: unknown, ours: unknown): Difference[] {
  if (isTree(golden) && isTree(ours) && Array.isArray(golden) === Array.isArray(ours)) {
    const keys = [...new Set([...Object.keys(golden), ...Object.keys(ours)])].sort();
    return keys.flatMap((key) => compare(at ? `${at}.${key}` : key, golden[key], ours[key]));
  }
  if (/\.resources\.(requests|limits)\.\w+$/.test(at) && golden !== undefined && ours !== undefined) {
    return quantityValue(String(golden)) === quantityValue(String(ours)) ? [] : [{ at, golden, ours }];
  }
  return golden === ours ? [] : [{ at, golden, ours }];
}

/** An object or a list: what has members. */
function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
