/** Page of the kubelets that figures are read from. */
export enum KubeletSource {
  /** `/metrics/resource`, which kubelets have from Kubernetes 1.14 on. */
  RESOURCE = 'resource',
  /**
   * `/stats/summary`, for older kubelets and for virtual ones that have nothing else. The server gets the right to read `nodes/stats`. Its times are in
   * whole seconds, so that rates are less exact.
   */
  SUMMARY = 'summary',
  /** `/metrics/resource`, and `/stats/summary` of each kubelet that does not have it. The server gets the right to read both. */
  AUTO = 'auto',
}
