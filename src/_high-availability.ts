import { Body } from './_k8s';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { PercentOrAbsolute } from './percent-or-absolute';
import { UpdateStrategy } from './update-strategy';

/** What `highAvailability` says where no property says otherwise. As in metrics-server's own manifests, whose updates need no third node. */
export function withHighAvailability<T extends ExtensionApiServerOptions>(props: T): T {
  if (!props.highAvailability) return props;
  return {
    ...props,
    replicas: props.replicas ?? 2,
    disruptionBudget: props.disruptionBudget ?? {},
    updateStrategy: props.updateStrategy ?? UpdateStrategy.rollingUpdate({ maxUnavailable: PercentOrAbsolute.absolute(1) }),
  };
}

interface Spread {
  readonly affinity: Body;
  readonly topologySpreadConstraints: readonly Body[];
}

/** Where the pods of a highly available server go: never two on one node, and into different zones where nodes have any. */
export function spread(namespace: string, matchLabels: Readonly<Record<string, string>>): Spread {
  const labelSelector = { matchLabels };
  return {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, namespaces: [namespace], topologyKey: 'kubernetes.io/hostname' }],
      },
    },
    // Nodes without a zone are all alike to it, and nothing waits for it.
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector }],
  };
}
