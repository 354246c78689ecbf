import { listParameters, readParameters } from './parameters';
import { GroupVersionKind, ref, Schema } from './schema';
import { capitalized, groupIdentifier } from '../../server/openapi/group-identifier';

/** What API servers of Kubernetes declare, whichever of them this one can serve: clients negotiate by Accept, not by this. */
const mediaTypes = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml'];
const listMediaTypes = [...mediaTypes, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

export interface ResourcePath extends GroupVersionKind {
  /** Name of the schema of one object; that of the list is this with `List`. */
  readonly schemaName: string;
  readonly scope: 'Cluster' | 'Namespaced' | 'ForAllNamespaces';
}

export function listPath(path: ResourcePath): Schema {
  const noun = path.scope === 'ForAllNamespaces' ? `${path.kind}ForAllNamespaces` : scopedKind(path);
  const get = operation(path, 'list', noun, `Lists ${path.kind}.`, ref(`${path.schemaName}List`), listMediaTypes);
  return { get: { ...get, ...kindAction(path, 'list') }, parameters: listParameters(path.scope === 'Namespaced') };
}

export function readPath(path: ResourcePath): Schema {
  const get = operation(path, 'read', scopedKind(path), `Reads one ${path.kind}.`, ref(path.schemaName), mediaTypes);
  return { get: { ...get, ...kindAction(path, 'get') }, parameters: readParameters(path.kind, path.scope === 'Namespaced') };
}

/** Values that are found by patterns of paths, not as a resource of their own. */
export interface ValuesPath {
  /** The kind of one value. */
  readonly of: GroupVersionKind;
  readonly verb: string;
  readonly noun: string;
  readonly description: string;
  readonly schemaName: string;
  readonly parameters: readonly Schema[];
}

export function valuesPath({ of, verb, noun, description, schemaName, parameters }: ValuesPath): Schema {
  return { get: operation(of, verb, noun, description, ref(`${schemaName}List`), listMediaTypes), parameters };
}

function scopedKind({ kind, scope }: ResourcePath): string {
  return scope === 'Namespaced' ? `Namespaced${kind}` : kind;
}

/** Tells clients which kind a path is about; `kubectl explain` finds its schema by it. */
function kindAction({ group, version, kind }: GroupVersionKind, action: 'get' | 'list'): Schema {
  return { 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': { group, version, kind } };
}

function operation(of: GroupVersionKind, verb: string, noun: string, description: string, schema: Schema, produces: readonly string[]): Schema {
  const group = groupIdentifier(of.group);
  return {
    tags: [`${group}_${of.version}`],
    description,
    operationId: `${verb}${capitalized(group)}${capitalized(of.version)}${noun}`,
    responses: { 200: { description: 'OK', content: Object.fromEntries(produces.map(mediaType => [mediaType, { schema }])) } },
  };
}
