import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Check, describe, Mistake, refuse } from '../validation/_validation';

/** An object that exists already: whatever has a name. */
export function referenceTo(kind: { readonly name: string }, checkName: Check): Check {
  return (scope, property, value) => {
    // Constructs of any library will do.
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuse(scope, { property, given: value, allowed: 'an object with a name', mend: `write ${property} as in ${kind.name}.fromName('name')` });
    }
    checkName(scope, `${property}.name`, (value as { readonly name?: unknown }).name);
  };
}

/** An object that is referred to by name alone is looked for in the namespace of whatever refers to it. */
export function checkSameNamespace(scope: IConstruct, property: string, reference: unknown, namespace: string): void {
  const object = apiObjectOf(reference);
  const given = object?.metadata.namespace;
  if (!object || given === undefined || given === namespace) return;
  refuse(scope, {
    property,
    given: `${object.node.path} in namespace ${given}`,
    allowed: `one in namespace ${namespace}, where it is used`,
    mend: `set namespace to '${given}', or put the ${object.kind} into ${namespace}`,
  });
}

/** At synth, when an object of the tree has all of its keys. One without any is filled by somebody else. */
export function checkHasKey(scope: IConstruct, property: string, reference: unknown, key: string): void {
  const object = apiObjectOf(reference);
  if (object?.apiVersion !== 'v1') return;
  scope.node.addValidation({ validate: () => keyMistakes(object, property, key).map(describe) });
}

function keyMistakes(object: ApiObject, property: string, key: string): Mistake[] {
  const { data, stringData, binaryData } = object.toJson();
  const keys = [data, stringData, binaryData].flatMap((entries) => Object.keys(entries ?? {}));
  if (keys.length === 0 || keys.includes(key)) return [];
  return [{ property, given: key, allowed: `keys of ${object.kind} ${object.node.path}: ${keys.join(', ')}`, mend: `name one of them, or add ${key} to it` }];
}

/** The object of a construct in the tree; undefined for what is known by its name alone. */
function apiObjectOf(reference: unknown): ApiObject | undefined {
  const object = Construct.isConstruct(reference) && !ApiObject.isApiObject(reference) ? reference.node.defaultChild : reference;
  return ApiObject.isApiObject(object) ? object : undefined;
}
