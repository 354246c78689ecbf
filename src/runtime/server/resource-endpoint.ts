import { encodeJson } from './encoding/json';
import { objectDocument } from './encoding/object';
import { partialObjectMetadataDocument } from './encoding/partial-object-metadata';
import { tableDocument } from './encoding/table';
import { ApiRequest, ApiResource, ApiResult, GroupVersion } from './group-version';
import { isTrue, ListOptions, parseListOptions } from './list-options';
import { assertAcceptable, Conversion, Endpoint, MEDIA_TYPES, MediaType, negotiate, STREAMED } from './negotiation';
import { Paging } from './paging';
import { documentReply, Preferences, Reply, Sharing } from './reply';
import { RequestInfo } from './request-info';
import { StatusError } from './status';

const META_GROUP = 'meta.k8s.io';
const META_VERSIONS = ['v1', 'v1beta1'];
const META_KINDS = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'];

export interface ReplyOptions {
  /** @default lists are answered whole, whatever limit is asked for */
  readonly paging?: Paging;
  /** @default nothing is */
  readonly sharing?: Omit<Sharing, 'signal'>;
  /** Takes the object that is answered. */
  readonly record?: (object: unknown) => void;
}

/** Answers an authorized request for a resource of a group version. */
export async function replyToResource(
  groupVersion: GroupVersion, method: string, request: ApiRequest, preferences: Preferences, { paging, record, sharing }: ReplyOptions = {},
): Promise<Reply> {
  const { info, query } = request;
  admit(groupVersion, method, info);
  const { openEnded = false } = groupVersion;
  const isListed = !openEnded && groupVersion.resources.some((resource) => isFor(resource, info));
  const isCollection = ['list', 'watch'].includes(info.verb);
  assertAcceptable(preferences.accept, MEDIA_TYPES, isCollection || openEnded ? STREAMED.map((mediaType) => `${mediaType};stream=watch`) : []);
  negotiate(preferences.accept, { converts: isMetaKind, serverVersion: META_VERSIONS[0] });
  if (isListed && info.verb === 'get' && isTrue(query.get('export'))) {
    throw StatusError.badRequest('the export parameter, deprecated since v1.14, is no longer supported');
  }
  const options = isListed && isCollection ? parseListOptions(query) : undefined;
  if (options?.watch) throw StatusError.watchNotSupported(info.resource, info.apiGroup);
  const read = () => groupVersion.handle({ ...request, options });
  const answered = await (options && paging ? paging.answer({ text: listQuestion(info, options), options, signal: request.signal }, read) : read());
  const result = record ? repeatable(answered) : answered;
  const converts: Endpoint['converts'] = (...wish) => result.columns !== undefined && isMetaKind(...wish);
  const representation = negotiate(preferences.accept, { converts, serverVersion: META_VERSIONS[0] });
  const name = `${groupVersion.group}/${groupVersion.version}`;
  const document = () => documentOf(result, name, representation.conversion, query);
  record?.(JSON.parse([...encodeJson(document())].join('')));
  return documentReply(document(), representation, preferences, sharing && { ...sharing, signal: request.signal });
}

function listQuestion({ path }: RequestInfo, { labelSelector, fieldSelector }: ListOptions): string {
  return JSON.stringify([path, labelSelector.toString(), fieldSelector]);
}

/** Items that can be gone through twice. */
function repeatable(result: ApiResult): ApiResult {
  return 'items' in result ? { ...result, items: [...result.items] } : result;
}

function documentOf(result: ApiResult, groupVersion: string, conversion: Conversion | undefined, query: URLSearchParams) {
  if (!conversion) return objectDocument(result, groupVersion);
  const metaVersion = `${conversion.group}/${conversion.version}`;
  return conversion.kind === 'Table'
    ? tableDocument(result, groupVersion, metaVersion, query.get('includeObject') ?? '')
    : partialObjectMetadataDocument(result, conversion.kind, metaVersion);
}

/** A Table has no protobuf. */
function isMetaKind({ kind, group, version }: Conversion, mediaType: MediaType): boolean {
  if (group !== META_GROUP || !META_VERSIONS.includes(version) || !META_KINDS.includes(kind)) return false;
  return kind !== 'Table' || mediaType !== 'application/vnd.kubernetes.protobuf';
}

/** Throws for what no group version is asked: unknown resources and anything but reading. */
function admit(groupVersion: GroupVersion, method: string, info: RequestInfo): void {
  if (!groupVersion.openEnded && !groupVersion.resources.some((resource) => isFor(resource, info))) throw StatusError.notFoundPath();
  if (method !== 'GET') throw StatusError.methodNotAllowed();
  if (!['get', 'list', 'watch'].includes(info.verb) || info.parts[0] === 'watch') throw StatusError.notFoundPath();
}

/** Whether the path names the resource, in its scope and no deeper. */
function isFor({ name, namespaced }: ApiResource, { parts, resource, subresource, namespace }: RequestInfo): boolean {
  if (name !== (subresource === '' ? resource : `${resource}/${subresource}`)) return false;
  // An empty name of a namespace is none: the list is of all.
  const isBelowNamespaces = parts[0] === 'namespaces' && parts.length > 2;
  const path = isBelowNamespaces ? parts.slice(2) : parts;
  const depth = name.split('/').length + 1;
  const isList = path.length === 1;
  return path[0] === resource && path.length <= depth && (namespaced ? namespace !== '' || isList : !isBelowNamespaces);
}
