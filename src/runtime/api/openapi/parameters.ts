import { Schema } from './schema';

type ParameterType = 'string' | 'integer' | 'boolean';

export function query(name: string, type: ParameterType, description: string): Schema {
  return { name, in: 'query', description, schema: { type, uniqueItems: true } };
}

export function path(name: string, description: string): Schema {
  return { name, in: 'path', description, required: true, schema: { type: 'string', uniqueItems: true } };
}

const pretty = query('pretty', 'string', 'Indents the response. On by default for browsers, curl and Wget.');

const namespace = path('namespace', 'The namespace of the objects.');

/** ListOptions. Clients of Kubernetes send any of them, so all are declared, whether or not they change the response. */
const listOptions = [
  query('allowWatchBookmarks', 'boolean', 'Has no effect: nothing can be watched.'),
  query('continue', 'string', 'Asks for the next part of a list: metadata.continue of the part before. All parts show the moment of the first, for five minutes; then 410.'),
  query('fieldSelector', 'string', 'Returns only objects with these fields: metadata.name, metadata.namespace, and of pods spec.nodeName.'),
  query('labelSelector', 'string', 'Returns only objects with these labels.'),
  query('limit', 'integer', 'Returns so many objects at most if that is less than 500, and in metadata.continue what asks for the next ones.'),
  pretty,
  query('resourceVersion', 'string', 'Has no effect: every response is computed anew.'),
  query('resourceVersionMatch', 'string', 'Has no effect: every response is computed anew.'),
  query('sendInitialEvents', 'boolean', 'Has no effect: nothing can be watched.'),
  query('shardSelector', 'string', 'Has no effect: lists are complete.'),
  query('timeoutSeconds', 'integer', 'Has no effect: the server bounds every request.'),
  query('watch', 'boolean', 'Refused when true: nothing can be watched.'),
];

/** Parameters of a list, and those that its path has besides. */
export function listParameters(namespaced: boolean, more: readonly Schema[] = []): readonly Schema[] {
  return byName([...listOptions, ...namespaced ? [namespace] : [], ...more]);
}

/** Parameters of one object. */
export function readParameters(kind: string, namespaced: boolean): readonly Schema[] {
  const name = path('name', `The name of the ${kind}.`);
  return byName(namespaced ? [name, namespace, pretty] : [name, pretty]);
}

function byName(parameters: readonly Schema[]): readonly Schema[] {
  return [...parameters].sort((a, b) => String(a.name) < String(b.name) ? -1 : 1);
}
