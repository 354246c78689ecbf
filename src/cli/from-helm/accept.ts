import { synthesize } from './synthesize';
import type * as Library from '../../index';
import { Expression } from '../typescript/expression';

type Properties = ReadonlyMap<string, Expression>;

/** A property that the construct does not take as the values have it. */
export interface Refused {
  readonly property: string;
  readonly value: Expression;
  readonly reason: string;
}

export interface Accepted {
  readonly properties: Properties;
  readonly refused: readonly Refused[];
  /** What the properties that are left synthesize. */
  readonly objects: readonly any[];
}

/** Takes out what the construct refuses, so that the program compiles and synthesizes without it. */
export function accept(all: Properties, library: typeof Library): Accepted {
  let properties = all;
  const refused: Refused[] = [];
  for (;;) {
    const { objects, refusal } = synthesize(properties, library);
    if (objects) return { properties, refused, objects };
    if (properties.size === 0) throw new Error(refusal);
    const property = culpritOf(refusal!, properties, library);
    refused.push({ property, value: properties.get(property)!, reason: refusal! });
    properties = without(properties, property);
  }
}

/** The property that a refusal is about: nothing, or something else, is refused without it. */
function culpritOf(refusal: string, properties: Properties, library: typeof Library): string {
  const names = [...properties.keys()];
  const isNamed = (name: string) => new RegExp(`\\b${name}\\b`).test(refusal);
  const suspects = [...names.filter(isNamed), ...names.filter((name) => !isNamed(name))];
  const refusalWithout = (name: string) => synthesize(without(properties, name), library).refusal;
  return suspects.find((name) => refusalWithout(name) === undefined) ?? suspects.find((name) => refusalWithout(name) !== refusal) ?? suspects[0];
}

function without(properties: Properties, property: string): Properties {
  return new Map([...properties].filter(([name]) => name !== property));
}
