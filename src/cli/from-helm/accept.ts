import { synthesize } from './synthesize';
import type * as Library from '../../index';
import { Call, Expression, isList, Reference } from '../typescript/expression';

type Properties = ReadonlyMap<string, Expression>;

/** What the construct does not take as the values have it. */
export interface Refused {
  readonly property: string;
  /** Of a list or a map, what is refused alone. */
  readonly value: Expression;
  readonly reason: string;
}

export interface Accepted {
  readonly properties: Properties;
  readonly refused: readonly Refused[];
  /** What the properties that are left synthesize. */
  readonly objects: readonly any[];
}

/** A property, or a part of one, that can be taken out. */
interface Part {
  readonly property: string;
  readonly value: Expression;
  readonly without: Properties;
}

/** Takes out what the construct refuses, so that the program compiles and synthesizes without it. */
export function accept(all: Properties, library: typeof Library): Accepted {
  let properties = all;
  const refused: Refused[] = [];
  for (;;) {
    const { objects, refusal } = synthesize(properties, library);
    if (objects) return { properties, refused, objects };
    if (properties.size === 0) throw new Error(refusal);
    const { property, value, without } = culpritOf(refusal!, properties, library);
    refused.push({ property, value, reason: refusal! });
    properties = without;
  }
}

/** What a refusal is about: what it names first, before what that is in conflict with. Where it names nothing, that without which nothing is refused. */
function culpritOf(refusal: string, properties: Properties, library: typeof Library): Part {
  const place = (name: string) => refusal.search(new RegExp(`\\b${name}\\b`));
  const names = [...properties.keys()];
  const named = names.filter((name) => place(name) >= 0).sort((a, b) => place(a) - place(b)).flatMap((name) => partsOf(name, refusal, properties));
  const others = names.filter((name) => place(name) < 0).flatMap((name) => partsOf(name, refusal, properties));
  const refusalWithout = ({ without }: Part) => synthesize(without, library).refusal;
  const isOther = (part: Part) => isAboutElse(refusalWithout(part), refusal, part);
  return named.find(isOther) ?? others.find((part) => refusalWithout(part) === undefined) ?? others.find(isOther) ?? [...named, ...others][0];
}

/** Whether taking out a part mends what was refused: the default of a property that is taken out may be refused for the same reason. */
function isAboutElse(after: string | undefined, before: string, { property, without }: Part): boolean {
  const isTakenOut = !without.has(property);
  return after === undefined || (after !== before && !(isTakenOut && new RegExp(`^\\[.*?\\] ${property}\\b`).test(after)));
}

/** The element of a list or the field of a map that a refusal speaks of, as in `extraArgs[1]: given …`, and then the property as a whole. */
function partsOf(property: string, refusal: string, properties: Properties): Part[] {
  const value = properties.get(property)!;
  const whole = { property, value, without: new Map([...properties].filter(([name]) => name !== property)) };
  const [, index, key] = new RegExp(`\\b${property}(?:\\[(\\d+)\\]|\\['(.*?)'\\])`).exec(refusal) ?? [];
  const put = (rest: Expression) => new Map([...properties].map(([name, all]) => [name, name === property ? rest : all]));
  if (isList(value) && value.length > 1 && value[Number(index)] !== undefined) {
    return [{ property, value: [value[Number(index)]], without: put(value.filter((_, i) => i !== Number(index))) }, whole];
  }
  if (key !== undefined && isFields(value) && Object.hasOwn(value, key)) {
    const { [key]: part, ...rest } = value;
    if (Object.keys(rest).length > 0) return [{ property, value: { [key]: part }, without: put(rest) }, whole];
  }
  return [whole];
}

function isFields(value: Expression): value is Record<string, Expression> {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Call) && !(value instanceof Reference);
}
