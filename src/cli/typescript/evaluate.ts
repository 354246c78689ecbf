import { Call, Expression, isList, Reference } from './expression';

/** What an expression is, with the names that it uses taken from `scope`. */
export function evaluate(value: Expression, scope: object): any {
  if (value instanceof Reference) return lookUp(value.path, scope).found;
  if (value instanceof Call) {
    const { owner, found } = lookUp(value.path, scope);
    return found.apply(owner, value.args.map((arg) => evaluate(arg, scope)));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((element) => evaluate(element, scope));
  return Object.fromEntries(Object.entries(value)
    .filter((entry): entry is [string, Expression] => entry[1] !== undefined)
    .map(([name, field]) => [name, evaluate(field, scope)]));
}

function lookUp(path: string, scope: object): { owner: any; found: any } {
  return path.split('.').reduce<{ owner: any; found: any }>(({ found }, name) => {
    if (found[name] === undefined) throw new Error(`${path} does not exist`);
    return { owner: found, found: found[name] };
  }, { owner: undefined, found: scope });
}
