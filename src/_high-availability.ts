import { minorOf, TOPOLOGY_SPREAD_SINCE, UNHEALTHY_POD_EVICTION_SINCE } from './_facts/cluster-versions';
import { Affinity } from './affinity';
import { DisruptionBudget, UnhealthyPodEvictionPolicy } from './disruption-budget';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { PercentOrAbsolute } from './percent-or-absolute';
import { TopologySpreadConstraint, UnsatisfiableConstraintAction } from './topology-spread-constraint';
import { UpdateStrategy } from './update-strategy';

type Labels = Readonly<Record<string, string>>;

/** What `highAvailability` says where no property says otherwise. As in metrics-server's own manifests, whose updates need no third node. */
export function withHighAvailability<T extends ExtensionApiServerOptions>(props: T, namespace: string, selectorLabels: Labels): T {
  if (!props.highAvailability) return props;
  const { replicas = 2 } = props;
  return {
    ...props,
    replicas,
    // One that keeps the only pod would hold up every drain.
    disruptionBudget: props.disruptionBudget ?? (replicas > 1 ? budgetOn(props.clusterVersion) : undefined),
    updateStrategy: props.updateStrategy ?? UpdateStrategy.rollingUpdate({ maxUnavailable: PercentOrAbsolute.absolute(1) }),
    affinity: { ...props.affinity, podAntiAffinity: props.affinity?.podAntiAffinity ?? notOnOneNode(namespace, selectorLabels) },
    topologySpreadConstraints: props.topologySpreadConstraints ?? (spreads(props.clusterVersion) ? [OVER_ZONES] : undefined),
  };
}

/** A pod that never gets ready would hold up every drain; clusters that do not know the field drop it, and nobody may count on it. */
function budgetOn(clusterVersion = ''): DisruptionBudget {
  const knowsPolicy = (minorOf(clusterVersion) ?? 0) >= UNHEALTHY_POD_EVICTION_SINCE;
  return knowsPolicy ? { unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.ALWAYS_ALLOW } : {};
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
