import { Duration } from 'cdk8s';
import { ResourceAssociation } from './discovery-rule';

/** What one resource that nodes and pods use is asked by, as prometheus-adapter has it under `resourceRules`. */
export interface ResourceRule extends ResourceAssociation {
  /** Template of the PromQL for containers, such as `sum by (<<.GroupBy>>) (container_memory_working_set_bytes{<<.LabelMatchers>>})`. */
  readonly containerQuery: string;
  /** Template of the PromQL for nodes. */
  readonly nodeQuery: string;
  /** Label with the name of a container. */
  readonly containerLabel: string;
}

/** What `metrics.k8s.io` is served by, as prometheus-adapter has it under `resourceRules`. */
export interface ResourceRules {
  /** CPU in cores. */
  readonly cpu: ResourceRule;
  /** Memory in bytes. */
  readonly memory: ResourceRule;
  /**
   * Time over which the rates of the queries are.
   *
   * @default - none is told
   */
  readonly window?: Duration;
}
