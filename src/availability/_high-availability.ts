import { AvailabilityOptions } from './availability-options';
import { DisruptionBudget, UnhealthyPodEvictionPolicy } from './disruption-budget';
import { PercentOrAbsolute } from './percent-or-absolute';
import { UpdateStrategy } from './update-strategy';
import { minorOf, TOPOLOGY_SPREAD_SINCE, UNHEALTHY_POD_EVICTION_SINCE } from '../_facts/cluster-versions';
import { Affinity } from '../pod/affinity';
import { PodOptions } from '../pod/pod-options';
import { TopologySpreadConstraint, UnsatisfiableConstraintAction } from '../pod/topology-spread-constraint';

type Labels = Readonly<Record<string, string>>;

/** The properties that it looks at. */
interface Options extends AvailabilityOptions, PodOptions {
  readonly clusterVersion?: string;
}

/** What `highAvailability` says where no property says otherwise. As in metrics-server's own manifests, whose updates need no third node. */
export function withHighAvailability<T extends Options>(props: T, namespace: string, selectorLabels: Labels): T {
  if (!props.highAvailability) return props;
  const { replicas = 2 } = props;
  return {
    ...props,
    replicas,
    disruptionBudget: budgetOf(props, replicas),
    updateStrategy: props.updateStrategy ?? UpdateStrategy.rollingUpdate({ maxUnavailable: PercentOrAbsolute.absolute(1) }),
    affinity: { ...props.affinity, podAntiAffinity: props.affinity?.podAntiAffinity ?? notOnOneNode(namespace, selectorLabels) },
    topologySpreadConstraints: props.topologySpreadConstraints ?? (spreads(props.clusterVersion) ? [OVER_ZONES] : undefined),
  };
}

function budgetOf({ disruptionBudget, clusterVersion = '' }: Options, replicas: number): DisruptionBudget | undefined {
  // One that keeps the only pod would hold up every drain.
  if (disruptionBudget === undefined && replicas === 1) return undefined;
  // So would a pod that never gets ready. Clusters that do not know the field drop it, and nobody may count on it.
  const knowsPolicy = (minorOf(clusterVersion) ?? 0) >= UNHEALTHY_POD_EVICTION_SINCE;
  if (!knowsPolicy || disruptionBudget?.enabled === false || disruptionBudget?.unhealthyPodEvictionPolicy) return disruptionBudget ?? {};
  return { ...disruptionBudget, unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.ALWAYS_ALLOW };
}

function notOnOneNode(namespace: string, matchLabels: Labels): Affinity['podAntiAffinity'] {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: [{
      labelSelector: { matchLabels }, namespaces: [namespace], topologyKey: 'kubernetes.io/hostname',
    }],
  };
}

function spreads(clusterVersion: string | undefined): boolean {
  return clusterVersion === undefined || minorOf(clusterVersion)! >= TOPOLOGY_SPREAD_SINCE;
}

/** Nodes without a zone are all alike to it, and nothing waits for it. */
const OVER_ZONES: TopologySpreadConstraint = {
  topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: UnsatisfiableConstraintAction.SCHEDULE_ANYWAY,
};
