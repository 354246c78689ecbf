/** A Kubernetes object as YAML says it. Nothing below `metadata.name` is certain: other people wrote it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: unknown;
    readonly labels?: unknown;
    readonly annotations?: unknown;
  };
  readonly [field: string]: unknown;
}

type Tree = Readonly<Record<string, unknown>>;

export function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = record(value);
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof record(metadata).name === 'string';
}

/** Documents, with the items of a List in its place. */
export function withoutLists(documents: readonly unknown[]): readonly unknown[] {
  return documents.flatMap((document) => record(document).kind === 'List' ? list(record(document).items) : [document]);
}

/** Members of what should be an object; none if it is something else. */
export function record(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Tree : {};
}

/** Items of what should be a list; none if it is something else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Texts of what should be a list of them. */
export function texts(value: unknown): string[] {
  return list(value).map(asText);
}

/** A value as text. An object may hold anything under the names that JavaScript would ask for its text. */
export function asText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Text, unless it is missing or empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function valueAt(value: unknown, ...path: string[]): unknown {
  return path.reduce((tree, key) => record(tree)[key], value);
}

/** API group of an object; empty for the core group. */
export function groupOf({ apiVersion }: Manifest): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
}

/** Whether two objects may share a namespace: manifests may leave it to whoever applies them. */
export function sameNamespace(one: unknown, other: unknown): boolean {
  return !one || !other || one === other;
}

/** Whether a label selector with `matchLabels` and `matchExpressions` selects an object with these labels. */
export function selects(selector: unknown, labels: unknown): boolean {
  const { matchLabels, matchExpressions } = record(selector);
  const given = record(labels);
  return matchesAll(record(matchLabels), given) && list(matchExpressions).every((expression) => {
    const { key, operator, values } = record(expression);
    const value = given[asText(key)];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    return texts(values).includes(asText(value)) === (operator === 'In');
  });
}

/** Whether the labels hold each pair of an equality selector. */
export function matchesAll(selector: Tree, labels: Tree): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
