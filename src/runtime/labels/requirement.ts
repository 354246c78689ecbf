import { goQuote } from '../go-quote';
import { labelKeyErrors, labelValueErrors } from './validation';

/** Operators as k8s.io/apimachinery's selection package spells them. */
export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

/** One condition on one label. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** Sorted, without duplicates: one or more for `in` and `notin`, none for `exists` and `!`, else exactly one. */
  readonly values: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

/** What is wrong with a requirement's values, as one message; undefined when nothing is. */
export function valuesError({ key, operator, values }: Requirement): string | undefined {
  const errors: string[] = [];
  values.forEach((value, index) => {
    if (isComparison(operator) && integer(value) === undefined) {
      errors.push(invalid(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
    }
  });
  values.forEach((value, index) => {
    const wrong = labelValueErrors(value);
    if (wrong.length > 0) errors.push(invalid(`values[${index}][${key}]`, value, wrong.join('; ')));
  });
  if (errors.length === 0) return undefined;
  return errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
}

/** What is wrong with a requirement's key; undefined when nothing is. apimachinery names no field here and prints Go's nil. */
export function keyError(key: string): string | undefined {
  const errors = labelKeyErrors(key);
  return errors.length > 0 ? invalid('<nil>', key, errors.join('; ')) : undefined;
}

export function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
      return `${key}>${values[0]}`;
    case 'lt':
      return `${key}<${values[0]}`;
    default:
      return `${key}${operator}${values[0]}`;
  }
}

function isComparison(operator: Operator): boolean {
  return operator === 'gt' || operator === 'lt';
}

/** A 64-bit integer as Go's strconv.ParseInt reads it. */
export function integer(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const number = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, number) === number ? number : undefined;
}

function invalid(field: string, value: string, detail: string): string {
  return `${field}: Invalid value: ${goQuote(value)}: ${detail}`;
}
