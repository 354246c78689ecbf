import { createHash } from 'node:crypto';
import { toJson } from '../encoding/json-text';
import { GroupVersion } from '../group-version';
import { Reply } from '../reply';
import { API_GROUP, API_GROUP_LIST, API_RESOURCE_LIST, readPath, schemaClosure, VERSION_INFO } from './discovery-schemas';
import { capitalized, groupIdentifier } from './group-identifier';
import { OpenApiContents, toOpenApiV2 } from './openapi-v2';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
}

interface OpenApiDocument {
  readonly json: string;
  /** SHA-512 in upper-case hexadecimal digits. */
  readonly hash: string;
}

interface OpenApiDocuments {
  readonly v2: OpenApiDocument;
  readonly v3Index: OpenApiDocument;
  /** By path below /openapi/v3. */
  readonly v3: ReadonlyMap<string, OpenApiDocument>;
}

/** Clients may keep a document whose address holds its hash. */
const FOR_EVER = 'public, immutable, max-age=31536000';

/** /openapi/v2 and /openapi/v3: what kube-apiserver merges into its own and `kubectl explain` shows. */
export class OpenApi {
  private documents: OpenApiDocuments | undefined;

  constructor(private readonly groupVersions: readonly GroupVersion[], private readonly info: OpenApiInfo) {}

  get paths(): string[] {
    return ['/openapi/v2', '/openapi/v3', '/openapi/v3/'];
  }

  /** Undefined when the path is none of these. */
  reply(path: string, query: URLSearchParams, accept: string | undefined, ifNoneMatch: string | undefined): Reply | undefined {
    if (!path.startsWith('/openapi/v')) return undefined;
    const documents = this.documents ??= build(this.groupVersions, this.info);
    const below = path.replace(/^\/openapi\/v3\/?/, '');
    if (below === '') return documentReply(documents.v3Index, ifNoneMatch);
    const document = path === '/openapi/v2' ? documents.v2 : documents.v3.get(below);
    if (!document) return undefined;
    const hash = query.get('hash');
    const vary = { vary: 'Accept' };
    // Without a word, as by k8s.io/apiserver.
    if (!acceptsJson(accept)) return { status: 406, headers: vary, body: '' };
    if (hash === null || path === '/openapi/v2') return documentReply(document, ifNoneMatch, vary);
    return hash === document.hash
      ? documentReply(document, ifNoneMatch, { ...vary, 'cache-control': FOR_EVER })
      : { status: 301, headers: { ...vary, 'content-type': 'application/json', 'location': addressOf(below, document) }, body: '' };
  }
}

function documentReply({ json, hash }: OpenApiDocument, ifNoneMatch: string | undefined, more: Record<string, string> = {}): Reply {
  const etag = `"${hash}"`;
  const headers = { ...more, 'content-type': 'application/json', etag };
  return ifNoneMatch === etag ? { status: 304, headers, body: '' } : { status: 200, headers, body: json };
}

/** Media types of OpenAPI have at signs and versions in them, so that a wildcard is all that is looked for. */
function acceptsJson(accept: string | undefined): boolean {
  return !accept || accept.split(',').some((range) => ['application/json', 'application/*', '*/*', '*'].includes(range.split(';')[0].trim()));
}

function build(groupVersions: readonly GroupVersion[], info: OpenApiInfo): OpenApiDocuments {
  const contents = contentsByPath(groupVersions);
  const v3 = new Map([...contents].map(([path, { paths, schemas }]) => (
    [path, documentOf({ openapi: '3.0.0', info, paths, components: { schemas } })]
  )));
  const index = Object.fromEntries([...v3].map(([path, document]) => [path, { serverRelativeURL: addressOf(path, document) }]));
  const all = [...contents.values()].reduce((merged, { paths, schemas }) => (
    { paths: { ...merged.paths, ...paths }, schemas: { ...merged.schemas, ...schemas } }
  ));
  return { v2: documentOf(toOpenApiV2(all, { ...info })), v3Index: documentOf({ paths: index }), v3 };
}

function documentOf(value: unknown): OpenApiDocument {
  const json = toJson(value);
  return { json, hash: createHash('sha512').update(json).digest('hex').toUpperCase() };
}

function addressOf(path: string, { hash }: OpenApiDocument): string {
  return `/openapi/v3/${path}?hash=${hash}`;
}

/** One document for each path that leads to resources, as kube-apiserver divides them. */
function contentsByPath(groupVersions: readonly GroupVersion[]): Map<string, OpenApiContents> {
  const contents = new Map<string, OpenApiContents>();
  contents.set('apis', {
    paths: { '/apis/': readPath('apis', 'getAPIVersions', 'Lists the API groups.', API_GROUP_LIST) },
    schemas: schemaClosure(API_GROUP_LIST),
  });
  for (const { group, version, openapi } of groupVersions) {
    const tag = groupIdentifier(group);
    const id = capitalized(tag);
    contents.set(`apis/${group}`, {
      paths: { [`/apis/${group}/`]: readPath(tag, `get${id}APIGroup`, 'Tells the versions of the group.', API_GROUP) },
      schemas: schemaClosure(API_GROUP),
    });
    const resourcesPath = readPath(`${tag}_${version}`, `get${id}${capitalized(version)}APIResources`, 'Lists the resources.', API_RESOURCE_LIST);
    contents.set(`apis/${group}/${version}`, {
      paths: { [`/apis/${group}/${version}/`]: resourcesPath, ...openapi.paths },
      schemas: { ...schemaClosure(API_RESOURCE_LIST), ...openapi.schemas },
    });
  }
  contents.set('version', {
    paths: { '/version/': readPath('version', 'getCodeVersion', 'Tells what is running.', VERSION_INFO) },
    schemas: schemaClosure(VERSION_INFO),
  });
  return contents;
}
