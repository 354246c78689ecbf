import { IncomingMessage, ServerResponse } from 'node:http';
import { Collections, partial } from './collection';
import { readJson, writeJson } from './http-body';
import { apiVersionOf, KubeObject, Resource } from './kube-object';
import { isUnchanged, managedBy, mergePatch } from './merge-patch';
import { ObjectStore } from './object-store';
import { RequestTarget, ResourceTarget } from './request-path';
import { alreadyExists, badRequest, methodNotAllowed, StatusError } from './status';
import { ServedWatch, serveWatch } from './watch';
import { Clock } from '../../src/runtime/clock';

/** Get, list, watch, create, update, patch and delete of the objects in the store. */
export class ObjectsHandler {
  private readonly collections: Collections;
  private readonly watches = new Set<ServedWatch>();

  constructor(private readonly store: ObjectStore, private readonly clock: Clock) {
    this.collections = new Collections(store);
  }

  public async handle(
    request: IncomingMessage, response: ServerResponse, target: RequestTarget, resource: Resource, query: URLSearchParams,
  ): Promise<void> {
    const { namespace, name } = target.resource as ResourceTarget;
    const metadataOnly = /as=PartialObjectMetadata/.test(request.headers.accept ?? '');
    const manager = query.get('fieldManager');
    switch (target.verb) {
      case 'get': {
        const object = this.store.get(resource, namespace, name);
        return writeJson(response, 200, metadataOnly ? partial(object) : object);
      }
      case 'list': return writeJson(response, 200, this.collections.list(resource, namespace, query, metadataOnly));
      case 'watch': return this.watch(response, resource, namespace, query, metadataOnly);
      case 'create': return writeJson(response, 201, this.create(resource, namespace, await readJson(request), manager));
      case 'update': return writeJson(response, 200, this.store.put(managedBy({ ...await readJson(request), ...typeOf(resource) }, manager)));
      case 'patch': return writeJson(response, 200, this.patch(resource, namespace, name, await readPatch(request), manager));
      case 'delete': return writeJson(response, 200, this.store.remove(resource, namespace, name));
      default: throw methodNotAllowed();
    }
  }

  /** Ends every watch, as an API server that restarts does. */
  public endWatches(): void {
    this.watches.forEach(({ end }) => end());
  }

  /** Nothing comes on the watches there are any more, their end neither. */
  public hangWatches(): void {
    this.watches.forEach(({ hang }) => hang());
  }

  private watch(response: ServerResponse, resource: Resource, namespace: string, query: URLSearchParams, metadataOnly: boolean): void {
    const watch = serveWatch(this.store, this.clock, response, { resource, namespace, query, metadataOnly });
    this.watches.add(watch);
    response.on('close', () => this.watches.delete(watch));
  }

  private create(resource: Resource, namespace: string, body: KubeObject, manager: string | null): KubeObject {
    const { name } = body.metadata;
    if (this.store.find(resource, namespace, name)) throw alreadyExists(resource, name);
    const metadata = { ...body.metadata, ...resource.namespaced ? { namespace } : {} };
    return this.store.put(managedBy({ ...body, ...typeOf(resource), metadata }, manager));
  }

  private patch(resource: Resource, namespace: string, name: string, patch: unknown, manager: string | null): KubeObject {
    const before = this.store.get(resource, namespace, name);
    const after = mergePatch(before, patch) as KubeObject;
    if (after.metadata.name !== name) throw badRequest('metadata.name may not be changed');
    if (isUnchanged(before, after)) return before;
    return this.store.put(managedBy(after, manager));
  }
}

async function readPatch(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']?.split(';')[0];
  if (type !== 'application/merge-patch+json') {
    throw new StatusError(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: application/merge-patch+json, got ${type}`);
  }
  return readJson(request);
}

function typeOf(resource: Resource): { apiVersion: string; kind: string } {
  return { apiVersion: apiVersionOf(resource), kind: resource.kind };
}
