import { ObjectMetadata } from '../../cluster/object-metadata';
import { goQuote } from '../../go-quote';
import { FieldRequirement, parseFieldSelector } from '../../server/field-selector';

const fields: Readonly<Record<string, (object: ObjectMetadata) => string>> = {
  'metadata.name': object => object.name,
  'metadata.namespace': object => object.namespace,
};

/** Whether an object is what a `fieldSelector` asks for. Throws with apimachinery's wording for what cannot be read or is not a known field. */
export function fieldMatcher(selector: string): (object: ObjectMetadata) => boolean {
  const tests = parseFieldSelector(selector).map(matcher);
  return object => tests.every(test => test(object));
}

function matcher({ field, operator, value }: FieldRequirement): (object: ObjectMetadata) => boolean {
  if (!Object.hasOwn(fields, field)) {
    throw new Error(`${goQuote(field)} is not a known field selector: only ${Object.keys(fields).map(goQuote).join(', ')}`);
  }
  const read = fields[field];
  return operator === '=' ? object => read(object) === value : object => read(object) !== value;
}
