import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Check, refuse } from '../validation/_validation';

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
  const object = Construct.isConstruct(reference) && !ApiObject.isApiObject(reference) ? reference.node.defaultChild : reference;
  const given = ApiObject.isApiObject(object) ? object.metadata.namespace : undefined;
  if (given === undefined || given === namespace) return;
  refuse(scope, {
    property,
    given: `${(object as ApiObject).node.path} in namespace ${given}`,
    allowed: `one in namespace ${namespace}, where it is used`,
    mend: `set namespace to '${given}', or put the ${(object as ApiObject).kind} into ${namespace}`,
  });
}
