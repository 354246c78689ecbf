import { metaName } from './meta-schemas';
import { array, describedRef, GroupVersionKind, ref, Schema, text } from './schema';

const apiVersion = text('Group and version that this representation follows.');
const kind = text('Kind of this representation, in CamelCase.');

/** A kind with `metadata`, as an API server of Kubernetes describes it. */
export function objectSchema(of: GroupVersionKind, description: string, properties: Readonly<Record<string, Schema>>): Schema {
  const metadata = { ...describedRef('Name, namespace and labels of the object.', metaName('ObjectMeta')), default: {} };
  return kindSchema(of, description, Object.keys(properties), { metadata, ...properties });
}

/** The list of a kind, named after it. `itemName` is the name of the item's schema. */
export function listSchema(of: GroupVersionKind, itemName: string): Schema {
  const metadata = { ...describedRef('Of the list, not of its items.', metaName('ListMeta')), default: {} };
  const items = array(`All ${of.kind} that match.`, ref(itemName));
  return kindSchema({ ...of, kind: `${of.kind}List` }, `A list of ${of.kind}.`, ['items'], { metadata, items });
}

/** A kind with these properties alone. */
export function kindSchema(
  of: GroupVersionKind, description: string, required: readonly string[], properties: Readonly<Record<string, Schema>>,
): Schema {
  return {
    description,
    'type': 'object',
    required,
    'properties': { apiVersion, kind, ...properties },
    'x-kubernetes-group-version-kind': [of],
  };
}
