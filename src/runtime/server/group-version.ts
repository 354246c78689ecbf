import { ApiItem, TableColumn } from './api-object';
import { ItemList } from './item-list';
import { ListOptions } from './list-options';
import { RequestInfo } from './request-info';
import { UserInfo } from './user';

/** One row of `GET /apis/<group>/<version>`. */
export interface ApiResource {
  /** Plural, with subresource if any: `pods`, `pods/http_requests`. */
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** An authorized GET for a resource of a group version. */
export interface ApiRequest {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  /** Of a list of a listed resource; what is open-ended reads its own. */
  readonly options?: ListOptions;
  readonly user: UserInfo;
  /** Aborts when the client is gone or the request has timed out. */
  readonly signal: AbortSignal;
}

/**
 * What a group version answers: one object, or a list of them. `kind` is that of the whole: `PodMetrics`, `PodMetricsList`.
 * Without columns there is neither Table nor PartialObjectMetadata. Errors are thrown as StatusError.
 */
export type ApiResult =
  | { readonly kind: string; readonly item: ApiItem; readonly columns?: readonly TableColumn[] }
  | { readonly kind: string; readonly items: ItemList; readonly columns?: readonly TableColumn[]; readonly metadata?: ListMetadata };

/** What a part of a list says of the rest. */
export interface ListMetadata {
  /** Asks for the next part. */
  readonly continue: string;
  readonly remainingItemCount?: number;
}

/**
 * An API that the generic server serves: what it is called, what it holds, how it answers.
 * The server does discovery, OpenAPI, authentication, authorization, negotiation and encoding.
 */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  /** Must not be empty: clients of Kubernetes 1.26 complain about empty lists. Read at each discovery request. */
  readonly resources: readonly ApiResource[];
  /** OpenAPI v3 schemas and paths. OpenAPI v2 is derived from them. */
  readonly openapi: OpenApiFragment;
  /**
   * Whether resources are served that `resources` does not list, and paths of another shape. If not, `handle` is called for
   * a name or a list of the listed resources only, in their scope, never for a watch.
   * @default false
   */
  readonly openEnded?: boolean;
  /** Items of a list of a listed resource are sorted by namespace, then name. */
  handle(request: ApiRequest): ApiResult | Promise<ApiResult>;
}

/** The part of an OpenAPI v3 document that belongs to one group version. */
export interface OpenApiFragment {
  readonly paths: Readonly<Record<string, unknown>>;
  readonly schemas: Readonly<Record<string, unknown>>;
}
