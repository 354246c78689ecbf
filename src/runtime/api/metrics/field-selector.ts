import { ObjectMetadata } from '../../cluster/object-metadata';
import { goQuote } from '../../go-quote';
import { FieldRequirement } from '../../server/field-selector';
import { StatusError } from '../../server/status';

const fields: Readonly<Record<string, (object: ObjectMetadata) => string>> = {
  'metadata.name': object => object.name,
  'metadata.namespace': object => object.namespace,
};

/** Whether an object is what a `fieldSelector` asks for. Throws a StatusError (400) with apimachinery's wording for what is not a known field. */
export function fieldMatcher(requirements: readonly FieldRequirement[]): (object: ObjectMetadata) => boolean {
  const tests = requirements.map(matcher);
  return object => tests.every(test => test(object));
}

function matcher({ field, operator, value }: FieldRequirement): (object: ObjectMetadata) => boolean {
  if (!Object.hasOwn(fields, field)) {
    throw StatusError.badRequest(`${goQuote(field)} is not a known field selector: only ${Object.keys(fields).map(goQuote).join(', ')}`);
  }
  const read = fields[field];
  return operator === '=' ? object => read(object) === value : object => read(object) !== value;
}
