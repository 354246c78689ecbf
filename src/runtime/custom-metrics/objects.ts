import { Selector } from '../labels/selector';

/** A resource without its version: `pods`, `ingresses.networking.k8s.io`. */
export interface GroupResource {
  /** Empty for the core group. */
  readonly group: string;
  /** Plural. */
  readonly resource: string;
}

/** What the cluster calls a resource. */
export interface ResourceMapping {
  readonly groupResource: GroupResource;
  readonly singular: string;
  readonly namespaced: boolean;
  /** `v1`, `apps/v1` */
  readonly apiVersion: string;
  readonly kind: string;
}

/** The objects of the cluster, as far as metrics describe them. */
export interface ClusterObjects {
  /**
   * Names of the objects that match, as they are now. The namespace is empty for cluster-scoped objects.
   * Throws a StatusError: 404 for a resource that the cluster does not have, 503 when it cannot be asked, 429 when too much is being asked.
   * Users take turns where questions wait; without `user`, who the question is asked for, namespaces do.
   */
  names(resource: GroupResource, namespace: string, selector: Selector, signal: AbortSignal, user?: string): Promise<readonly string[]>;
  /** By its plural or singular. Undefined for a resource that the cluster does not have. Throws a StatusError (503) when it cannot be asked. */
  mapping(resource: GroupResource, signal: AbortSignal): Promise<ResourceMapping | undefined>;
}

/** `ingresses.networking.k8s.io`: the first dot ends the resource. */
export function parseGroupResource(text: string): GroupResource {
  const dot = text.indexOf('.');
  return dot < 0 ? { group: '', resource: text } : { group: text.slice(dot + 1), resource: text.slice(0, dot) };
}

export function formatGroupResource({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}
