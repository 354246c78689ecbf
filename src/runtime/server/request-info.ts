import { exactName } from './field-selector';
import { hasShortSelectors, isTrue, readListOptions } from './list-options';
import { StatusError } from './status';

/** What a request asks for, read from its method and path alone, as k8s.io/apiserver's RequestInfo does. */
export interface RequestInfo {
  /** Path without query, decoded. */
  readonly path: string;
  /** False for /livez, /apis, /openapi/v2 and other paths that name no resource. */
  readonly isResourceRequest: boolean;
  /** get, list, watch, create, update, patch, delete, deletecollection; for non-resource paths the lower-case method. */
  readonly verb: string;
  readonly apiGroup: string;
  readonly apiVersion: string;
  /** Empty for cluster-scoped resources and for lists across namespaces. */
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** Decoded path segments after the group version. */
  readonly parts: readonly string[];
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create', GET: 'get', HEAD: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete',
};

/** Verbs that may stand before the resource: `/api/v1/watch/pods`. */
const PATH_VERBS = ['watch', 'proxy'];

/** What may follow `namespaces/<name>` and yet be no resource of that namespace. */
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

/** A URL at its `?`, the path as it was sent. */
export interface SplitUrl {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Throws a StatusError (400) for a path that cannot be decoded. */
export function parseRequestInfo(method: string, url: string, { path: encoded, query }: SplitUrl = splitUrl(url)): RequestInfo {
  const path = decode(encoded);
  const segments = splitPath(path);
  const prefixLength = segments[0] === 'apis' ? 2 : 1;
  if (!['api', 'apis'].includes(segments[0]) || segments.length < prefixLength + 2) {
    return {
      path, isResourceRequest: false, verb: method.toLowerCase(), apiGroup: '', apiVersion: '', namespace: '', resource: '', subresource: '', name: '', parts: [],
    };
  }
  const parts = segments.slice(prefixLength + 1);
  const target = targetOf(parts, VERBS[method] ?? '');
  return {
    path,
    isResourceRequest: true,
    apiGroup: prefixLength === 2 ? segments[1] : '',
    apiVersion: segments[prefixLength],
    parts,
    ...target,
    ...target.name === '' ? collectionOf(target.verb, query) : {},
  };
}

/** Whether a request may take as long as it likes, and so is not counted among those in flight. As with extension API servers by k8s.io/apiserver, profiles are such. */
export function isLongRunning({ isResourceRequest, path, verb }: RequestInfo): boolean {
  return verb === 'watch' || !isResourceRequest && path.startsWith('/debug/pprof/');
}

/** Splits at the first `?`; of an absolute URL, which HTTP/1.1 allows too, scheme and host are dropped. */
export function splitUrl(url: string): SplitUrl {
  const relative = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = relative.indexOf('?');
  return mark < 0
    ? { path: relative, query: new URLSearchParams() }
    : { path: relative.slice(0, mark), query: new URLSearchParams(relative.slice(mark + 1)) };
}

/** Segments between the slashes at the ends. One in the middle may be empty. */
function splitPath(path: string): string[] {
  const segments = path.split('/');
  let start = 0;
  let end = segments.length;
  while (start < end && segments[start] === '') start++;
  while (end > start && segments[end - 1] === '') end--;
  return segments.slice(start, end);
}

type Target = Pick<RequestInfo, 'verb' | 'namespace' | 'resource' | 'subresource' | 'name'>;

function targetOf(segments: readonly string[], methodVerb: string): Target {
  const pathVerb = PATH_VERBS.includes(segments[0]);
  const verb = pathVerb ? segments[0] : methodVerb;
  let rest = pathVerb ? segments.slice(1) : segments;
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1];
    if (rest.length > 2 && !NAMESPACE_SUBRESOURCES.includes(rest[2])) rest = rest.slice(2);
  }
  const [resource = '', name = '', subresource = ''] = rest;
  return { verb, namespace, resource, name, subresource: verb === 'proxy' ? '' : subresource };
}

/** Without a name a read is a list or a watch. One that a field selector narrows to a single name is authorized for that name. */
function collectionOf(verb: string, query: URLSearchParams): Partial<Target> {
  switch (verb) {
    case 'get':
      return readOf(query);
    case 'delete':
      return { verb: 'deletecollection' };
    default:
      return {};
  }
}

/** Options that cannot be read name nothing. */
function readOf(query: URLSearchParams): Partial<Target> {
  const verb = isTrue(query.get('watch')) ? 'watch' : 'list';
  if (!query.has('fieldSelector') || !hasShortSelectors(query)) return { verb };
  try {
    return { verb, name: exactName(readListOptions(query).fieldSelector) ?? '' };
  } catch {
    return { verb };
  }
}

function decode(path: string): string {
  try {
    return path.includes('%') ? decodeURIComponent(path) : path;
  } catch {
    throw StatusError.badRequest(`invalid URL escape in path ${JSON.stringify(path)}`);
  }
}
