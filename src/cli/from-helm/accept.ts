import { synthesize } from './synthesize';
import type * as Library from '../../index';
import { Call, Expression, Fields, isList, Reference } from '../typescript/expression';

type Properties = ReadonlyMap<string, Expression>;

/** What the construct does not take as the values have it. */
export interface Refused {
  readonly property: string;
  /** Of a list or a map, the part that is refused. */
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

/**
 * What a refusal is about: the argument that it quotes, or what it names first, before what that is in conflict with. Where it names nothing,
 * that without which nothing is refused.
 */
function culpritOf(refusal: string, properties: Properties, library: typeof Library): Part {
  const place = (name: string) => refusal.search(new RegExp(`\\b${name}\\b`));
  const names = [...properties.keys()];
  const named = names.filter((name) => place(name) >= 0).sort((a, b) => place(a) - place(b)).flatMap((name) => partsOf(name, refusal, properties));
  const quoted = names.flatMap((name) => quotedPartsOf(name, refusal, properties));
  const others = names.filter((name) => place(name) < 0).flatMap((name) => partsOf(name, refusal, properties));
  const refusalWithout = ({ without }: Part) => synthesize(without, library).refusal;
  const isOther = (part: Part) => isAboutElse(refusalWithout(part), refusal, part);
  return [...quoted, ...named].find(isOther)
    ?? others.find((part) => refusalWithout(part) === undefined)
    ?? others.find(isOther)
    ?? [...named, ...others][0];
}

/** Whether taking out a part mends what was refused: the default of a property that is taken out may be refused for the same reason. */
function isAboutElse(after: string | undefined, before: string, { property, without }: Part): boolean {
  const isTakenOut = !without.has(property);
  return after === undefined || (after !== before && !(isTakenOut && new RegExp(`^\\[.*?\\] ${property}\\b`).test(after)));
}

/** What a refusal speaks of in a property, as in `extraArgs[1]: given …` or `servingCertificate.caBundle: given …`, and then the property as a whole. */
function partsOf(property: string, refusal: string, properties: Properties): Part[] {
  const value = properties.get(property)!;
  const whole = { property, value, without: new Map([...properties].filter(([name]) => name !== property)) };
  const [, index, quoted, named] = new RegExp(`\\b${property}(?:\\[(\\d+)\\]|\\['(.*?)'\\]|\\.(\\w+))`).exec(refusal) ?? [];
  const part = index === undefined ? fieldOf(value, quoted ?? named) : elementOf(value, Number(index));
  if (part === undefined) return [whole];
  return [{ property, value: part.value, without: new Map([...properties, [property, part.rest]]) }, whole];
}

/** Arguments in a list that a refusal quotes as the container has them, as in `args[6]: "--flag=value"`: a switch has its value there. */
function quotedPartsOf(property: string, refusal: string, properties: Properties): Part[] {
  const list = properties.get(property)!;
  if (!isList(list)) return [];
  const quotes = (argument: string) => ['"', '='].some((end) => refusal.includes(JSON.stringify(argument).slice(0, -1) + end));
  const isQuoted = (element: Expression) => typeof element === 'string' && element.startsWith('--') && quotes(element);
  return list.flatMap((element, i) => {
    const part = isQuoted(element) ? elementOf(list, i) : undefined;
    return part ? [{ property, value: part.value, without: new Map([...properties, [property, part.rest]]) }] : [];
  });
}

/** A part of an expression, and what is left without it. */
interface Split {
  readonly value: Expression;
  readonly rest: Expression;
}

function elementOf(list: Expression, index: number): Split | undefined {
  if (!isList(list) || list.length < 2 || list[index] === undefined) return undefined;
  return { value: [list[index]], rest: list.filter((_, i) => i !== index) };
}

/** Of a call it is a field of its options; the call is shown whole, for what it was to say. */
function fieldOf(value: Expression, key: string | undefined): Split | undefined {
  const fields = value instanceof Call ? value.args[value.args.length - 1] : value;
  if (key === undefined || !isFields(fields) || fields[key] === undefined) return undefined;
  const { [key]: part, ...rest } = fields;
  const isLast = Object.values(rest).every((field) => field === undefined);
  if (value instanceof Call) return { value, rest: new Call(value.path, ...value.args.slice(0, -1), isLast ? undefined : rest) };
  return isLast ? undefined : { value: { [key]: part }, rest };
}

function isFields(value: Expression | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Call) && !(value instanceof Reference);
}
