/** What a request asks for, read from method, path and query. */
export interface RequestTarget {
  readonly verb: string;
  readonly path: string;
  /** Undefined for paths that name no resource: /version, /apis. */
  readonly resource: ResourceTarget | undefined;
}

export interface ResourceTarget {
  readonly group: string;
  readonly version: string;
  /** Empty for cluster scope and across namespaces. */
  readonly namespace: string;
  readonly plural: string;
  readonly name: string;
  readonly subresource: string;
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

export function parseTarget(method: string, url: URL): RequestTarget {
  const path = url.pathname;
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
  const resource = parseResource(segments);
  if (!resource) return { verb: method.toLowerCase(), path, resource };
  const reading = resource.name !== '' ? 'get' : isWatch(url.searchParams) ? 'watch' : 'list';
  // A watch on one name is authorized, as the API server does it, by that name.
  return { verb: VERBS[method] ?? reading, path, resource: { ...resource, name: resource.name || nameOf(url.searchParams) } };
}

export function isWatch(query: URLSearchParams): boolean {
  return ['true', '1'].includes(query.get('watch') ?? '');
}

function parseResource(segments: readonly string[]): ResourceTarget | undefined {
  const [root, ...rest] = segments;
  const group = root === 'apis' ? rest.shift() : root === 'api' ? '' : undefined;
  const version = rest.shift();
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  // The collection of namespaces, and one namespace, are themselves cluster-scoped.
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest.splice(0, 2)[1] : '';
  const [plural, name = '', subresource = ''] = rest;
  return { group, version, namespace, plural, name, subresource };
}

function nameOf(query: URLSearchParams): string {
  return /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
}
