/** What a request asks for, read from its method and path alone, as k8s.io/apiserver's RequestInfo does. */
export interface RequestInfo {
  /** Path without query, still percent-encoded. */
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
