import { ObjectMetadata } from '../../cluster/object-metadata';
import { goQuote } from '../../go-quote';
import { FieldRequirement } from '../../server/field-selector';
import { StatusError } from '../../server/status';

/** What a field of an object says. */
export type FieldReader<T> = (object: T) => string;

const metadataFields: Readonly<Record<string, FieldReader<ObjectMetadata>>> = {
  'metadata.name': object => object.name,
  'metadata.namespace': object => object.namespace,
};

/**
 * Whether an object is what a `fieldSelector` asks for, by its metadata or by `further` fields. Throws a StatusError (400) with
 * apimachinery's wording for what is not a known field.
 */
export function fieldMatcher<T extends ObjectMetadata>(
  requirements: readonly FieldRequirement[], further: Readonly<Record<string, FieldReader<T>>> = {},
): (object: T) => boolean {
  const fields: Readonly<Record<string, FieldReader<T>>> = { ...metadataFields, ...further };
  // Requirements may be many, fields are few, and objects are held against each.
  const rules = new Map<string, FieldRule<T>>();
  for (const { field, operator, value } of requirements) {
    if (!Object.hasOwn(fields, field)) {
      throw StatusError.badRequest(`${goQuote(field)} is not a known field selector: only ${Object.keys(fields).map(goQuote).join(', ')}`);
    }
    const rule = rules.get(field) ?? { read: fields[field], wanted: new Set(), unwanted: new Set() };
    rules.set(field, rule);
    (operator === '=' ? rule.wanted : rule.unwanted).add(value);
  }
  const all = [...rules.values()];
  return object => all.every(({ read, wanted, unwanted }) => {
    const value = read(object);
    return !unwanted.has(value) && (wanted.size === 0 || wanted.size === 1 && wanted.has(value));
  });
}

interface FieldRule<T> {
  readonly read: FieldReader<T>;
  /** All of them: no value is two. */
  readonly wanted: Set<string>;
  readonly unwanted: Set<string>;
}
