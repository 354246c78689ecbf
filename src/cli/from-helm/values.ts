import { ParsedValues } from './values-files';
import { Mistake } from '../mistake';

type Tree = Readonly<Record<string, unknown>>;

/** The chart's values as Helm sees them: what the files say, later ones over earlier ones, over the chart's defaults. */
export class Values {
  /** What the files say, without the defaults. */
  public readonly given: Tree;
  private readonly merged: Tree;

  constructor(defaults: Tree, private readonly files: readonly ParsedValues[]) {
    this.given = files.reduce<Tree>((below, { values }) => merge(below, values), {});
    this.merged = withoutNull(merge(defaults, this.given)) as Tree;
  }

  /** What stands at a path such as `image.tag`; undefined where nothing stands, or null removed the default. */
  public at(path: string): unknown {
    return path.split('.').reduce<unknown>((tree, name) => isTree(tree) ? tree[name] : undefined, this.merged);
  }

  public text(path: string): string {
    const value = this.at(path) ?? '';
    return typeof value === 'object' ? this.refuse(path, 'text') : String(value);
  }

  /** Helm prints text without its quotes: `"2"` is a number as well. */
  public number(path: string): number | undefined {
    const value = this.at(path);
    if (value === undefined || typeof value === 'number') return value;
    return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : this.refuse(path, 'a number');
  }

  /** Text is true for Helm, even `"false"`, which is hardly meant. */
  public boolean(path: string): boolean {
    const value = this.at(path) ?? false;
    if (value === 'true') return true;
    return typeof value === 'boolean' ? value : this.refuse(path, 'true or false');
  }

  public list(path: string): readonly unknown[] {
    const value = this.at(path) ?? [];
    return Array.isArray(value) ? value : this.refuse(path, 'a list');
  }

  public map(path: string): Tree {
    const value = this.at(path) ?? {};
    return isTree(value) ? value : this.refuse(path, 'a map');
  }

  /** Labels and annotations: Helm prints numbers and booleans as they are, and Kubernetes takes text only. */
  public texts(path: string): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.map(path)).map(([name, value]) =>
      [name, typeof value === 'object' ? this.refuse(`${path}.${name}`, 'text') : String(value)]));
  }

  /** `file:line` that has the last word on a path; undefined for a default. */
  public locate(path: string): string | undefined {
    for (const file of [...this.files].reverse()) {
      const found = file.locate(path.split(/[.[\]]+/).filter(Boolean));
      if (found) return found;
    }
    return undefined;
  }

  private refuse(path: string, allowed: string): never {
    throw new Mistake(`${this.locate(path) ?? 'values'}: ${path}: given ${JSON.stringify(this.at(path))}; allowed: ${allowed}`);
  }
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Maps are merged, anything else is replaced; null stays until the end, for it removes a default. */
function merge(below: unknown, above: unknown): Tree {
  const result: Record<string, unknown> = { ...below as Tree };
  for (const [name, value] of Object.entries(above as Tree)) {
    result[name] = isTree(value) && isTree(result[name]) ? merge(result[name], value) : value;
  }
  return result;
}

function withoutNull(value: unknown): unknown {
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null).map(([name, field]) => [name, withoutNull(field)]));
}
