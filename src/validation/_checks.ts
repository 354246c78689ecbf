import { Check, checkFactory, checkInteger, isRecord, refuse } from './_validation';
import { nearest } from '../_facts/nearest';

type RequiredKey<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];
type OptionalKey<T> = Exclude<keyof T, RequiredKey<T> | `_${string}`>;

/** A check for each property that may be left out. One that lacks a check does not compile. */
export type OptionalChecks<T> = Readonly<Record<OptionalKey<T>, Check>>;

/**
 * Properties of an object, and no others; those that begin with an underscore are our own.
 *
 * @param instead What to do instead of a property that is not there, though people expect it: an order
 */
export function fieldsOf<T>(
  required: Readonly<Record<RequiredKey<T>, Check>>, optional: OptionalChecks<T>, instead: Readonly<Record<string, string>> = {},
): Check {
  const checks: Readonly<Record<string, Check>> = { ...required, ...optional };
  const names = Object.keys(checks).join(', ');
  const mendOf = (name: string) => {
    if (Object.hasOwn(instead, name)) return { allowed: `no ${name} here`, mend: instead[name] };
    const meant = nearest(name, Object.keys(checks));
    if (meant) return { allowed: `${Object.keys(checks).length > 10 ? `no ${name} here` : names}; did you mean ${meant}?`, mend: `write ${meant}, or remove ${name}` };
    return { allowed: names, mend: `move ${name} to where it belongs, correct its name or remove it` };
  };
  return (scope, property, value) => {
    if (!isRecord(value)) {
      refuse(scope, {
        property: property || 'props', given: value, allowed: `an object with ${names}`, mend: `write ${property || 'props'} in braces, as in { ${Object.keys(checks)[0]}: … }`,
      });
    }
    const path = (name: string) => property ? `${property}.${name}` : name;
    for (const [name, given] of Object.entries(value)) {
      if (name in checks || name.startsWith('_') || given === undefined) continue;
      refuse(scope, { property: path(name), given, ...mendOf(name) });
    }
    for (const [name, check] of Object.entries(checks)) {
      if (value[name] !== undefined || name in required) check(scope, path(name), value[name]);
    }
  };
}

export function listOf(check: Check, atLeast: 0 | 1 = 0): Check {
  return (scope, property, value) => {
    if (!Array.isArray(value)) refuse(scope, { property, given: value, allowed: 'a list', mend: `write ${property} in brackets, as in […]` });
    if (value.length < atLeast) refuse(scope, { property, given: value, allowed: 'at least one', mend: `add one to ${property}` });
    // Not forEach, which passes over holes.
    for (const [i, element] of value.entries()) check(scope, `${property}[${i}]`, element);
  };
}

export function wholeNumber(min: number, max: number, reason?: string, mend?: string): Check {
  return (scope, property, value) => checkInteger(scope, property, value, min, max, reason, mend);
}

export function instanceOf(factory: Function): Check {
  return (scope, property, value) => checkFactory(scope, property, value, factory);
}

export function memberOf(name: string, members: Readonly<Record<string, string>>): Check {
  const values: unknown[] = Object.values(members);
  const allowed = values.map((value) => value || '\'\'').join(', ');
  return (scope, property, value) => {
    if (values.includes(value)) return;
    refuse(scope, { property, given: value, allowed, mend: `use a member of ${name}` });
  };
}

/** Empty text switches off what stands there otherwise. */
export function emptyOr(check: Check): Check {
  return (scope, property, value) => {
    if (value !== '') check(scope, property, value);
  };
}

/** One value, checked in several ways; each may rely on those before it. */
export function allOf(...checks: Check[]): Check {
  return (scope, property, value) => checks.forEach((check) => check(scope, property, value));
}
