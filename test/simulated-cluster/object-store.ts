import { randomUUID } from 'node:crypto';
import { KubeObject, Resource, resourceOfKind } from './kube-object';
import { badRequest, conflict, expired, notFound } from './status';
import { Clock } from '../../src/runtime/clock';

/** A change, as a watch reports it. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: Resource;
  readonly object: KubeObject;
  /** The object before the change; undefined when it is new. */
  readonly previous: KubeObject | undefined;
  readonly revision: number;
}

/** Changes that are remembered for watches that resume. */
const MAX_HISTORY = 10_000;

/** What etcd is to a kube-apiserver: objects, one revision for all, and the changes since a revision. */
export class ObjectStore {
  public revision = 1;
  private readonly objects = new Map<Resource, Map<string, KubeObject>>();
  private readonly listeners = new Set<(change: Change) => void>();
  private history: Change[] = [];
  /** The oldest revision that a watch can resume from. */
  private oldestRevision = 1;

  constructor(private readonly clock: Clock) {}

  public get(resource: Resource, namespace: string, name: string): KubeObject {
    const object = this.find(resource, namespace, name);
    if (!object) throw notFound(resource, name);
    return object;
  }

  public find(resource: Resource, namespace: string, name: string): KubeObject | undefined {
    return this.of(resource).get(`${namespace}/${name}`);
  }

  /** Sorted by namespace and name. */
  public list(resource: Resource, namespace = ''): KubeObject[] {
    const entries = [...this.of(resource)].filter(([key]) => namespace === '' || key.startsWith(`${namespace}/`));
    return entries.sort(([a], [b]) => a < b ? -1 : 1).map(([, object]) => object);
  }

  /** Creates the object, or replaces it unless it carries the resourceVersion of an older one. */
  public put(object: KubeObject): KubeObject {
    const resource = resourceOfKind(object.apiVersion, object.kind);
    if (!resource) throw badRequest(`no resource serves kind ${object.kind} of ${object.apiVersion}`);
    const { name, namespace = '' } = object.metadata;
    const previous = this.find(resource, namespace, name);
    const expected = object.metadata.resourceVersion;
    if (previous && expected !== undefined && expected !== previous.metadata.resourceVersion) throw conflict(resource, name);
    const revision = ++this.revision;
    const stored: KubeObject = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: previous?.metadata.uid ?? randomUUID(),
        creationTimestamp: previous?.metadata.creationTimestamp ?? `${new Date(this.clock.now()).toISOString().slice(0, 19)}Z`,
        resourceVersion: String(revision),
      },
    };
    this.of(resource).set(`${namespace}/${name}`, stored);
    this.publish({ type: previous ? 'MODIFIED' : 'ADDED', resource, object: stored, previous, revision });
    return stored;
  }

  public remove(resource: Resource, namespace: string, name: string): KubeObject {
    const previous = this.get(resource, namespace, name);
    const revision = ++this.revision;
    this.of(resource).delete(`${namespace}/${name}`);
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(revision) } };
    this.publish({ type: 'DELETED', resource, object, previous, revision });
    return object;
  }

  /** Calls back with each change after `revision`, at once with those that have happened; throws 410 when they are forgotten. */
  public subscribe(revision: number, listener: (change: Change) => void): () => void {
    if (revision < this.oldestRevision) throw expired(`too old resource version: ${revision} (${this.oldestRevision})`);
    this.history.filter((change) => change.revision > revision).forEach(listener);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Forgets every change so far, as etcd's compaction does: watches that resume get 410. */
  public compact(): void {
    this.history = [];
    this.oldestRevision = this.revision;
  }

  public isExpired(revision: number): boolean {
    return revision < this.oldestRevision;
  }

  private of(resource: Resource): Map<string, KubeObject> {
    const objects = this.objects.get(resource) ?? new Map<string, KubeObject>();
    this.objects.set(resource, objects);
    return objects;
  }

  private publish(change: Change): void {
    this.history.push(change);
    if (this.history.length > MAX_HISTORY) this.oldestRevision = this.history.shift()!.revision;
    for (const listener of this.listeners) listener(change);
  }
}
