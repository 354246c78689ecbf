/** Addresses that the server may connect to, beside kube-apiserver and nodes. */
export interface NetworkPolicyEgress {
  /** Networks in CIDR notation, such as `10.0.0.0/8` or `fd00::/8`. At least one. */
  readonly cidrs: string[];
  /** TCP ports, from 1 to 65535. At least one. */
  readonly ports: number[];
}

/**
 * Who may connect to the server, and whom it may connect to: a NetworkPolicy, which the cluster's network plug-in has to enforce.
 *
 * Pods on the host's network are not subject to NetworkPolicies, which the rule `network-policy-on-host-network` warns of. What runs on the
 * pod's own node, such as the kubelet with its probes, always reaches the pod.
 */
export interface NetworkPolicyOptions {
  /**
   * Networks of the control plane, in CIDR notation: kube-apiserver connects from there, and is reached there. Where it connects through
   * konnectivity agents in the cluster, their pods' network belongs to them.
   *
   * @default - from anywhere to the serving port, and to anywhere at `apiServerPorts`
   */
  readonly apiServerCidrs?: string[];
  /**
   * TCP ports of kube-apiserver, from 1 to 65535. Some network plug-ins look at the Service's port, others at that of the control plane.
   *
   * @default [443, 6443]
   */
  readonly apiServerPorts?: number[];
  /**
   * Networks of the nodes, in CIDR notation.
   *
   * @default - anywhere, at `kubeletPorts`
   */
  readonly nodeCidrs?: string[];
  /**
   * TCP ports of the kubelets, from 1 to 65535. Nodes whose status names another port need it here.
   *
   * @default - the `kubeletPort` of a `MetricsServer`, and 10250 where nodes' statuses say the port; with `KubeletAccess.readOnlyPort()` 10255 alone; none for
   * other servers
   */
  readonly kubeletPorts?: number[];
  /**
   * Whether the server may ask for names, at port 53 of anyone.
   *
   * @default - true for a `MetricsAdapter` with pods of its own, and where a `MetricsServer` prefers names of nodes to their addresses or reads a kubeconfig; else false
   */
  readonly dns?: boolean;
  /**
   * Namespaces whose pods may connect to the serving port, to read `/metrics`. Without `apiServerCidrs` everyone may.
   *
   * @default - none; has to be given beside `monitoring` and `apiServerCidrs`
   */
  readonly scraperNamespaces?: string[];
  /**
   * What else the server may connect to, such as a database.
   *
   * @default - nothing
   */
  readonly egress?: NetworkPolicyEgress[];
}
