import { Affinity } from './affinity';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { PercentOrAbsolute } from './percent-or-absolute';
import { TopologySpreadConstraint, UnsatisfiableConstraintAction } from './topology-spread-constraint';
import { UpdateStrategy } from './update-strategy';

type Labels = Readonly<Record<string, string>>;

/** What `highAvailability` says where no property says otherwise. As in metrics-server's own manifests, whose updates need no third node. */
export function withHighAvailability<T extends ExtensionApiServerOptions>(props: T, namespace: string, selectorLabels: Labels): T {
  if (!props.highAvailability) return props;
  return {
    ...props,
    replicas: props.replicas ?? 2,
    disruptionBudget: props.disruptionBudget ?? {},
    updateStrategy: props.updateStrategy ?? UpdateStrategy.rollingUpdate({ maxUnavailable: PercentOrAbsolute.absolute(1) }),
    affinity: { ...props.affinity, podAntiAffinity: props.affinity?.podAntiAffinity ?? notOnOneNode(namespace, selectorLabels) },
    topologySpreadConstraints: props.topologySpreadConstraints ?? [OVER_ZONES],
  };
}

function notOnOneNode(namespace: string, matchLabels: Labels): Affinity['podAntiAffinity'] {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: [{
      labelSelector: { matchLabels }, namespaces: [namespace], topologyKey: 'kubernetes.io/hostname',
    }],
  };
}

/** Nodes without a zone are all alike to it, and nothing waits for it. */
const OVER_ZONES: TopologySpreadConstraint = {
  topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: UnsatisfiableConstraintAction.SCHEDULE_ANYWAY,
};
