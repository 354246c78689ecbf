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
  const tests = requirements.map(({ field, operator, value }) => {
    if (!Object.hasOwn(fields, field)) {
      throw StatusError.badRequest(`${goQuote(field)} is not a known field selector: only ${Object.keys(fields).map(goQuote).join(', ')}`);
    }
    const read = fields[field];
    return operator === '=' ? (object: T) => read(object) === value : (object: T) => read(object) !== value;
  });
  return object => tests.every(test => test(object));
}
