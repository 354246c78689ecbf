import { ObjectMetadata } from './object-metadata';

export interface NodeAddress {
  /** Hostname, InternalIP, ExternalIP, InternalDNS, ExternalDNS. */
  readonly type: string;
  readonly address: string;
}

/** What the runtime keeps of a Node. */
export interface NodeRecord extends ObjectMetadata {
  /** Changes when another machine takes over the name, and when the machine boots. */
  readonly machine: string;
  /** In the node's own order. */
  readonly addresses: readonly NodeAddress[];
  /** `status.daemonEndpoints.kubeletEndpoint.Port`, 0 when the node does not say. */
  readonly kubeletPort: number;
  /** Annotation `metrics.k8s.io/resource-metrics-path`, undefined when absent or empty. */
  readonly metricsPath: string | undefined;
  /** Annotation `metrics.k8s.io/resource-metrics-port` as it is written, undefined when absent or empty. */
  readonly metricsPort: string | undefined;
  /** Condition Ready is True. */
  readonly ready: boolean;
  /** Another text whenever the status of condition Ready has changed. */
  readonly readyTransition: string;
  /** Unix milliseconds, 0 when the node does not say. */
  readonly createdMs: number;
  /** Is being deleted, or has a taint of those that take nodes away. */
  readonly terminating: boolean;
}
