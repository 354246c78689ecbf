import { KUBERNETES, SourceUnavailableError } from './metric-errors';
import { ClusterObjects, formatGroupResource, GroupResource, ResourceMapping } from './objects';
import { ResourceMappings, rootOf } from './resource-mappings';
import { Clock } from '../clock';
import { ApiClient } from '../cluster/api-client';
import { ApiError } from '../cluster/api-error';
import { abortable } from '../cluster/deadline';
import { SharedQueries } from '../cluster/shared-queries';
import { Selector } from '../labels/selector';
import { FairQueue } from '../server/fair-queue';
import { StatusError } from '../server/status';

interface MetadataList {
  /** Null where nothing matches: so kube-apiserver says it of metadata alone. */
  readonly items: readonly { readonly metadata: { readonly name: string } }[] | null;
}

/** Names alone are wanted. What has no metadata alone sends whole objects. */
const ACCEPT = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** A name that could be read as something else in a path is nobody's. */
const NAMESPACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** As of reviews: a quarter of the connections to the API server, and no more of a user than leaves others theirs. */
const LIMITS = { atOnce: 32, rate: { perSecond: 200, burst: 400 }, waiting: 350, waitingOfOne: 100 };

function tooManyWait(): StatusError {
  return StatusError.tooManyRequests('too many requests of this user wait for lists of objects by the API server, please try again later');
}

/**
 * Asks the API server, once for all requests of a user for the same at the same moment, and not any longer than one of them waits. Users take
 * turns: what one asks for keeps nobody else from being answered.
 */
export class ApiServerObjects implements ClusterObjects {
  private readonly mappings: ResourceMappings;
  private readonly shared = new SharedQueries<readonly string[]>();
  private readonly queue: FairQueue;

  constructor(private readonly client: Pick<ApiClient, 'request'>, clock: Clock) {
    this.mappings = new ResourceMappings(client, clock);
    this.queue = new FairQueue(clock, LIMITS);
  }

  async names(resource: GroupResource, namespace: string, selector: Selector, signal: AbortSignal, user?: string): Promise<readonly string[]> {
    const mapping = await this.mapping(resource, signal);
    if (!mapping) throw new StatusError(404, 'NotFound', `the cluster has no resource ${formatGroupResource(resource)}`);
    if (namespace !== '' && !NAMESPACE.test(namespace)) return [];
    const path = `${rootOf(mapping.apiVersion)}${namespace === '' ? '' : `/namespaces/${namespace}`}/${mapping.groupResource.resource}`;
    // Who did not hand the user on has each namespace take its turn instead.
    const flow = user === undefined ? `namespace ${namespace}` : `user ${user}`;
    const list = (whileAwaited: AbortSignal) => this.queue.run(flow, () => this.list(path, selector, whileAwaited), tooManyWait, whileAwaited);
    return this.shared.run(JSON.stringify([flow, path, String(selector)]), signal, list);
  }

  async mapping(resource: GroupResource, signal: AbortSignal): Promise<ResourceMapping | undefined> {
    const recent = this.mappings.recentMapping(resource);
    return recent ?? abortable(this.mappings.mapping(resource).catch((error) => unavailable(`resource ${formatGroupResource(resource)}`, error)), signal);
  }

  /** From the API server's cache, in one piece. */
  private async list(path: string, selector: Selector, signal: AbortSignal): Promise<readonly string[]> {
    const query = { labelSelector: selector.isEverything ? undefined : String(selector), resourceVersion: '0' };
    const list = await this.client.request<MetadataList>({ path, query, accept: ACCEPT, signal }).catch((error) => unavailable(`GET ${path}`, error));
    return (list.items ?? []).map(({ metadata }) => metadata.name);
  }
}

/** In the form of every source that does not answer. */
function unavailable(asked: string, error: unknown): never {
  const code = error instanceof ApiError ? `HTTP ${error.code}: ` : '';
  throw new SourceUnavailableError(`source ${KUBERNETES}: ${code}${(error as Error).message}; ${asked}`);
}
