/** A rule of a Role or ClusterRole: for `resources` of `apiGroups`, or for `nonResourceUrls`. */
export interface PolicyRule {
  /**
   * API groups of the resources. `''` is the core group. Needed beside `resources`.
   *
   * @default - none
   */
  readonly apiGroups?: string[];
  /**
   * Resources, such as `pods` or `nodes/metrics`.
   *
   * @default - none
   */
  readonly resources?: string[];
  /**
   * Names of the objects that the rule is limited to.
   *
   * @default - objects of any name
   */
  readonly resourceNames?: string[];
  /**
   * Paths of the API server that are no resources, such as `/metrics`, or `*`. Not beside `resources`.
   *
   * @default - none
   */
  readonly nonResourceUrls?: string[];
  /** What may be done, such as `get`, `list` and `watch`. */
  readonly verbs: string[];
}
