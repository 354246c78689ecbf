const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const string = { type: 'string' };
const requiredString = (description: string) => ({ description, type: 'string', default: '' });
const strings = { type: 'array', items: { type: 'string', default: '' } };
const boolean = (description: string) => ({ description, type: 'boolean', default: false });
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const list = (description: string, name: string) => ({ description, 'type': 'array', 'items': reference(name), 'x-kubernetes-list-type': 'atomic' });
const kinds = (kind: string) => ({ 'x-kubernetes-group-version-kind': [{ group: '', kind, version: 'v1' }] });

export const API_GROUP = `${META}.APIGroup`;
export const API_GROUP_LIST = `${META}.APIGroupList`;
export const API_RESOURCE_LIST = `${META}.APIResourceList`;
export const VERSION_INFO = 'io.k8s.apimachinery.pkg.version.Info';
const API_RESOURCE = `${META}.APIResource`;
const GROUP_VERSION = `${META}.GroupVersionForDiscovery`;
const SERVER_ADDRESS = `${META}.ServerAddressByClientCIDR`;

/** Schemas of the discovery documents, by the names under which all API servers publish them. */
const SCHEMAS: Readonly<Record<string, unknown>> = {
  [API_GROUP]: {
    description: 'An API group and its versions.',
    type: 'object',
    required: ['name', 'versions'],
    properties: {
      apiVersion: string,
      kind: string,
      name: requiredString('Name of the group.'),
      versions: list('Versions that are served, the preferred one first.', GROUP_VERSION),
      preferredVersion: { description: 'Version to use when in doubt.', default: {}, allOf: [reference(GROUP_VERSION)] },
      serverAddressByClientCIDRs: list('Addresses of the server by network of the client.', SERVER_ADDRESS),
    },
    ...kinds('APIGroup'),
  },
  [API_GROUP_LIST]: {
    description: 'The API groups of a server.',
    type: 'object',
    required: ['groups'],
    properties: { apiVersion: string, kind: string, groups: list('The groups.', API_GROUP) },
    ...kinds('APIGroupList'),
  },
  [API_RESOURCE]: {
    description: 'A resource of a group version.',
    type: 'object',
    required: ['name', 'singularName', 'namespaced', 'kind', 'verbs'],
    properties: {
      name: requiredString('Plural name, with the subresource if any.'),
      singularName: requiredString('Name of one of them.'),
      namespaced: boolean('Whether its objects belong to namespaces.'),
      kind: requiredString('Kind of its objects.'),
      verbs: { description: 'What can be done with it.', ...strings },
    },
  },
  [API_RESOURCE_LIST]: {
    description: 'The resources of a group version.',
    type: 'object',
    required: ['groupVersion', 'resources'],
    properties: {
      apiVersion: string,
      kind: string,
      groupVersion: requiredString('Group and version, joined by a slash.'),
      resources: list('The resources.', API_RESOURCE),
    },
    ...kinds('APIResourceList'),
  },
  [GROUP_VERSION]: {
    description: 'A version of an API group.',
    type: 'object',
    required: ['groupVersion', 'version'],
    properties: {
      groupVersion: requiredString('Group and version, joined by a slash.'),
      version: requiredString('The version alone.'),
    },
  },
  [SERVER_ADDRESS]: {
    description: 'Where clients of a network reach the server.',
    type: 'object',
    required: ['clientCIDR', 'serverAddress'],
    properties: {
      clientCIDR: requiredString('Network of the client.'),
      serverAddress: requiredString('Host, port, or both.'),
    },
  },
  [VERSION_INFO]: {
    description: 'What is running.',
    type: 'object',
    required: ['major', 'minor', 'gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform'],
    properties: Object.fromEntries(
      ['major', 'minor', 'gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform'].map((name) => [name, requiredString('')]),
    ),
  },
};

/** The schema and those it refers to. */
export function schemaClosure(name: string): Record<string, unknown> {
  const found = new Map<string, unknown>();
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.set(next, SCHEMAS[next]);
    pending.push(...[...JSON.stringify(SCHEMAS[next]).matchAll(/#\/components\/schemas\/([^"]+)/g)].map((match) => match[1]));
  }
  return Object.fromEntries(found);
}

/** The path item of a document that is read with GET and has this schema. */
export function readPath(tag: string, operationId: string, description: string, schemaName: string): unknown {
  const content = { schema: reference(schemaName) };
  return {
    get: {
      tags: [tag],
      description,
      operationId,
      responses: { 200: { description: 'OK', content: { 'application/json': content, 'application/yaml': content } } },
    },
  };
}
