/** How a Service is reached. */
export enum ServiceType {
  /** From within the cluster, which is where kube-apiserver asks from. */
  CLUSTER_IP = 'ClusterIP',
  /** Also at a port of every node. */
  NODE_PORT = 'NodePort',
  /** Also through a load balancer of the cloud. */
  LOAD_BALANCER = 'LoadBalancer',
}
