/** A value of a TypeScript program that is printed for people and evaluated for what follows from it. */
export type Expression = string | number | boolean | null | Reference | Call | readonly Expression[] | Fields;

/** An object literal. What is undefined is left out. */
export interface Fields {
  readonly [name: string]: Expression | undefined;
}

/** A name that something exports, such as `ImagePullPolicy.ALWAYS`. */
export class Reference {
  constructor(public readonly path: string) {}
}

/** A call of a function that something exports, such as `Duration.seconds(15)`. */
export class Call {
  public readonly args: readonly Expression[];

  constructor(public readonly path: string, ...args: readonly (Expression | undefined)[]) {
    this.args = args.filter((arg) => arg !== undefined);
  }
}

export function isList(value: Expression): value is readonly Expression[] {
  return Array.isArray(value);
}

/** Names that an expression needs imported: `Duration` for `Duration.seconds(15)`. Those of variables begin in lower case. */
export function importsOf(value: Expression | undefined): string[] {
  return rootsOf(value).filter((name) => /^[A-Z]/.test(name));
}

function rootsOf(value: Expression | undefined): string[] {
  if (value instanceof Reference) return [rootOf(value.path)];
  if (value instanceof Call) return [rootOf(value.path), ...value.args.flatMap(rootsOf)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(rootsOf) : [];
}

function rootOf(path: string): string {
  return path.split('.')[0];
}
