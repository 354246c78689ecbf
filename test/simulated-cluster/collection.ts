import { Resource, KubeObject, apiVersionOf } from './kube-object';
import { ObjectStore } from './object-store';
import { selectorOf } from './selector';
import { badRequest, expired } from './status';

/** What the first page of a paged list saw. */
interface Snapshot {
  readonly revision: number;
  readonly objects: readonly KubeObject[];
}

const MAX_SNAPSHOTS = 50;

/** Lists of objects in pages: a later page shows what the first one saw, unless that has been compacted. */
export class Collections {
  private readonly snapshots = new Map<number, Snapshot>();
  private lastId = 0;

  constructor(private readonly store: ObjectStore) {}

  public list(resource: Resource, namespace: string, query: URLSearchParams, metadataOnly: boolean) {
    const { id, start, revision, objects } = this.resume(query.get('continue')) ?? this.begin(resource, namespace, query);
    const end = start + (Number(query.get('limit')) || objects.length);
    const rest = objects.length - end;
    return {
      ...metadataOnly
        ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' }
        : { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource) },
      metadata: {
        resourceVersion: String(revision),
        ...rest > 0 ? { continue: encodeToken(id, end), remainingItemCount: rest } : {},
      },
      items: objects.slice(start, end).map((object) => metadataOnly ? partial(object) : withoutType(object)),
    };
  }

  private begin(resource: Resource, namespace: string, query: URLSearchParams) {
    const id = ++this.lastId;
    const snapshot = { revision: this.store.revision, objects: this.store.list(resource, namespace).filter(selectorOf(query) ?? (() => true)) };
    if (query.has('limit')) this.snapshots.set(id, snapshot);
    this.snapshots.delete(id - MAX_SNAPSHOTS);
    return { id, start: 0, ...snapshot };
  }

  private resume(token: string | null) {
    if (!token) return undefined;
    const [id, start] = decodeToken(token);
    const snapshot = this.snapshots.get(id);
    if (!snapshot || this.store.isExpired(snapshot.revision)) throw expired('the continue parameter is too old: list again from the start');
    return { id, start, ...snapshot };
  }
}

function encodeToken(id: number, start: number): string {
  return Buffer.from(JSON.stringify([id, start])).toString('base64url');
}

function decodeToken(token: string): [id: number, start: number] {
  try {
    const [id, start] = JSON.parse(Buffer.from(token, 'base64url').toString());
    return [id, start];
  } catch {
    throw badRequest('continue key is not valid');
  }
}

/** The object as PartialObjectMetadata. */
export function partial(object: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

/** Items of a typed list do not repeat their type. */
function withoutType(object: KubeObject): Omit<KubeObject, 'kind' | 'apiVersion'> {
  const { kind, apiVersion, ...rest } = object;
  return rest;
}
