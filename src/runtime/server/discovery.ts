import { createHash } from 'node:crypto';
import { Document } from './encoding/document';
import { toJson } from './encoding/json-text';
import { metaProtobuf } from './encoding/meta-messages';
import { ApiResource, GroupVersion } from './group-version';
import { assertAcceptable, Conversion, negotiate, Representation } from './negotiation';
import { documentReply, Preferences, Reply } from './reply';
import { groupByKey } from '../../_facts/group-by-key';

/** What kube-apiserver asks for, and compares the answer's content type with, parameter by parameter. */
const AGGREGATED = { kind: 'APIGroupDiscoveryList' as const, group: 'apidiscovery.k8s.io', version: 'v2' };
const AGGREGATED_PARAMETERS = `;g=${AGGREGATED.group};v=${AGGREGATED.version};as=${AGGREGATED.kind}`;

/** Takes the object that is answered, for its audit event. */
type Recorder = (object: unknown) => void;

/** The documents by which clients find what is served. Group versions are given most preferred first. */
export class Discovery {
  private aggregated: { readonly sources: readonly unknown[]; readonly document: Document; readonly etag: string } | undefined;
  private readonly lists = new Map<GroupVersion, { readonly resources: readonly ApiResource[]; readonly document: Document }>();

  constructor(private readonly groupVersions: readonly GroupVersion[], private readonly serverAddress: () => string) {}

  get paths(): string[] {
    return ['/apis', ...this.groupVersions.flatMap(({ group, version }) => [`/apis/${group}`, `/apis/${group}/${version}`])];
  }

  /** Undefined when the path is none of these. */
  async reply(path: string, preferences: Preferences, ifNoneMatch: string | undefined, record?: Recorder): Promise<Reply | undefined> {
    const [, root, group, version, ...rest] = path.replace(/\/$/, '').split('/');
    if (root !== 'apis' || rest.length > 0) return undefined;
    if (group === undefined) return this.groupsReply(preferences, ifNoneMatch, record);
    const versions = this.groupVersions.filter((candidate) => candidate.group === group);
    if (versions.length === 0) return undefined;
    if (version === undefined) return this.legacyReply({ kind: 'APIGroup', apiVersion: 'v1', ...groupOf(versions) }, preferences, record);
    const groupVersion = versions.find((candidate) => candidate.version === version);
    return groupVersion && this.negotiatedReply(this.resourceList(groupVersion), preferences, record);
  }

  private async groupsReply(preferences: Preferences, ifNoneMatch: string | undefined, record: Recorder | undefined): Promise<Reply> {
    assertAcceptable(preferences.accept);
    const representation = aggregatedRepresentation(preferences.accept);
    if (!representation?.conversion) {
      const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: this.serverAddress() }];
      const groups = byGroup(this.groupVersions).map((versions) => ({ ...groupOf(versions), serverAddressByClientCIDRs }));
      return this.legacyReply({ kind: 'APIGroupList', groups }, preferences, record);
    }
    const { document, etag } = this.aggregate();
    const headers = { 'cache-control': 'public', 'etag': etag, 'vary': 'Accept' };
    if (ifNoneMatch === etag) return { status: 304, headers, body: '' };
    record?.(JSON.parse(document.head));
    const reply = await documentReply(document, representation, preferences);
    return { ...reply, headers: { ...headers, 'content-type': `${representation.mediaType}${AGGREGATED_PARAMETERS}` } };
  }

  /** No ETag, never 304: kube-apiserver sends the aggregated document's ETag here and takes 304 for a failure. */
  private async legacyReply(value: Parameters<typeof metaProtobuf>[0], preferences: Preferences, record: Recorder | undefined): Promise<Reply> {
    return this.negotiatedReply(documentOf(value), preferences, record);
  }

  private negotiatedReply(document: Document, preferences: Preferences, record: Recorder | undefined): Promise<Reply> {
    assertAcceptable(preferences.accept);
    record?.(JSON.parse(document.head));
    return documentReply(document, negotiate(preferences.accept), preferences);
  }

  /** Asked for five times in a row by each look whether the API is available. */
  private resourceList(groupVersion: GroupVersion): Document {
    const { resources } = groupVersion;
    const known = this.lists.get(groupVersion);
    if (known?.resources === resources) return known.document;
    const document = documentOf(resourceList(groupVersion));
    this.lists.set(groupVersion, { resources, document });
    return document;
  }

  /** Made anew when a group version gives another list of resources. */
  private aggregate(): { document: Document; etag: string } {
    const sources = this.groupVersions.map(({ resources }) => resources);
    if (this.aggregated?.sources.every((source, index) => source === sources[index])) return this.aggregated;
    const items = byGroup(this.groupVersions).map((versions) => ({
      metadata: { name: versions[0].group },
      versions: versions.map(({ version, resources }) => ({ version, resources: aggregatedResources(resources), freshness: 'Current' })),
    }));
    const document = documentOf({ kind: AGGREGATED.kind, apiVersion: `${AGGREGATED.group}/${AGGREGATED.version}`, metadata: {}, items });
    this.aggregated = { sources, document, etag: `"${createHash('sha512').update(document.head).digest('hex').toUpperCase()}"` };
    return this.aggregated;
  }
}

function documentOf(value: Parameters<typeof metaProtobuf>[0]): Document {
  return { head: toJson(value), protobuf: metaProtobuf(value) };
}

function isAggregated({ kind, group, version }: Conversion): boolean {
  return kind === AGGREGATED.kind && group === AGGREGATED.group && version === AGGREGATED.version;
}

function byGroup(groupVersions: readonly GroupVersion[]): GroupVersion[][] {
  return [...groupByKey(groupVersions.map((groupVersion) => [groupVersion.group, groupVersion])).values()];
}

function groupOf(groupVersions: readonly GroupVersion[]): Record<string, unknown> {
  const versions = groupVersions.map(({ group, version }) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: groupVersions[0].group, versions, preferredVersion: versions[0] };
}

function resourceList({ group, version, resources }: GroupVersion) {
  return {
    kind: 'APIResourceList' as const,
    apiVersion: 'v1',
    groupVersion: `${group}/${version}`,
    resources: resources.map(({ name, singularName, namespaced, kind, verbs }) => ({ name, singularName, namespaced, kind, verbs })),
  };
}

/** Subresources stand under their resource, which is named even when it cannot be asked for itself. */
function aggregatedResources(resources: readonly ApiResource[]): unknown[] {
  const parents = new Map<string, { resource: unknown; subresources: unknown[] }>();
  for (const resource of resources) {
    const [name, ...rest] = resource.name.split('/');
    const isParent = rest.length === 0;
    const known = parents.get(name);
    const subresources = known?.subresources ?? [];
    if (isParent || !known) parents.set(name, { resource: aggregatedResource(name, resource, isParent), subresources });
    if (!isParent) subresources.push({ subresource: rest.join('/'), responseKind: responseKind(resource.kind), verbs: resource.verbs });
  }
  return [...parents.values()].map(({ resource, subresources }) => (subresources.length > 0 ? { ...resource as object, subresources } : resource));
}

function aggregatedResource(name: string, { kind, namespaced, singularName, verbs }: ApiResource, isParent: boolean): unknown {
  return {
    resource: name,
    responseKind: responseKind(isParent ? kind : ''),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: isParent ? singularName : '',
    verbs: isParent ? verbs : null,
  };
}

/** Never null, or client-go 0.26 panics. */
function responseKind(kind: string): Record<string, string> {
  return { group: '', version: '', kind };
}

/** As k8s.io/apiserver, which looks for this kind alone first: any clause that names it wins over all that do not. */
function aggregatedRepresentation(accept: string | undefined): Representation | undefined {
  try {
    return negotiate(accept, { converts: isAggregated, convertsOnly: true });
  } catch {
    return undefined;
  }
}
