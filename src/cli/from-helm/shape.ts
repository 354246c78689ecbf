import { Translation } from './translation';
import { isTree } from './values';
import { Call, Expression, Fields, Reference } from '../typescript/expression';

/**
 * How a part of a Kubernetes object is written here. What has no counterpart is left, by its path; what is of a wrong type goes on as it is,
 * for the construct to refuse.
 */
export type Shape = (value: unknown, at: string, to: Translation) => Expression | undefined;

/** As the Kubernetes API has it. */
export const asIs: Shape = (value) => value as Expression;

/** Text: YAML has numbers and booleans where they are written without quotes. */
export const text: Shape = (value) => typeof value === 'object' ? value as Expression : String(value);

export function list(element: Shape): Shape {
  return (value, at, to) => Array.isArray(value)
    ? value.map((one, i) => element(one, `${at}[${i}]`, to)).filter((one) => one !== undefined)
    : value as Expression;
}

/** A struct of fields that are called as in the Kubernetes API. */
export function struct(fields: Readonly<Record<string, Shape>>): Shape {
  return (value, at, to) => {
    if (!isTree(value)) return value as Expression;
    const result: Record<string, Expression | undefined> = {};
    for (const [name, field] of Object.entries(value)) {
      if (field === null || field === undefined) continue;
      if (Object.hasOwn(fields, name)) result[name] = fields[name](field, `${at}.${name}`, to);
      else to.leave(`${at}.${name}`, 'there is no such property here');
    }
    return result as Fields;
  };
}

/** A member of an enum, or of a class that has one constant for each value: `NoSchedule` is `TaintEffect.NO_SCHEDULE`. */
export function oneOf(type: string, ...allowed: readonly string[]): Shape {
  return (value, at, to) => {
    if (allowed.includes(value as string)) return member(type, value as string);
    to.leave(at, `${JSON.stringify(value)} is none of ${allowed.join(', ')}`);
    return undefined;
  };
}

/** What is left of a struct when its known fields are taken. */
export function leaveRest(rest: Readonly<Record<string, unknown>>, at: string, to: Translation): void {
  struct({})(rest, at, to);
}

export function member(type: string, value: string): Reference {
  return new Reference(`${type}.${value.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}`);
}

/** A number of pods, or a share of them such as `50%`. */
export const percentOrAbsolute: Shape = (value, at, to) => {
  const given = typeof value === 'object' ? '' : String(value);
  const [, percent] = /^(\d+)%$/.exec(given) ?? [];
  if (percent !== undefined) return new Call('PercentOrAbsolute.percent', Number(percent));
  if (/^\d+$/.test(given)) return new Call('PercentOrAbsolute.absolute', Number(value));
  to.leave(at, `${JSON.stringify(value)} is neither a number of pods nor a percentage`);
  return undefined;
};

/** Seconds, as fields whose names end in `Seconds` hold them. */
export const seconds: Shape = (value) => typeof value === 'number' ? new Call('Duration.seconds', value) : value as Expression;
