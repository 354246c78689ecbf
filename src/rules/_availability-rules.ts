import { isNanny } from './_container';
import { list, Manifest, record, sameNamespace, selects, valueAt } from './_manifest';
import { ManifestSet, Workload, WORKLOADS } from './_manifest-set';
import { Rule } from './_rule';
import { RuleLevel } from './rule-finding';

/** Rules about how many pods answer, and where they run. */
export const AVAILABILITY_RULES: readonly Rule[] = [
  {
    // An APIService without endpoints makes discovery fail for the whole cluster.
    id: 'no-replicas',
    level: RuleLevel.ERROR,
    title: 'an extension API server of no replicas',
    reason: 'Its APIServices stay and are unavailable, which breaks discovery: kubectl complains, and no namespace can be deleted.',
    mend: 'set replicas to 1 or more, or remove the APIServices as well',
    kinds: WORKLOADS,
    check: (set) => set.servers.filter(({ replicas }) => replicas < 1)
      .map(({ object, replicas }) => ({ object, path: 'spec.replicas', given: replicas })),
  },
  {
    // addon-resizer restarts its target and knows nothing of other replicas: a server with a nanny is meant to be one.
    id: 'single-replica',
    level: RuleLevel.WARNING,
    title: 'an extension API server of one replica',
    reason: 'While its node is drained or lost there is nothing behind the APIService: kubectl top fails, autoscalers stand still, discovery complains.',
    mend: 'set replicas to 2, with a PodDisruptionBudget and pod anti-affinity',
    kinds: WORKLOADS,
    check: (set) => set.servers.filter(({ replicas, containers }) => replicas === 1 && !containers.some(isNanny))
      .map(({ object }) => ({ object, path: 'spec.replicas', given: valueAt(object, 'spec', 'replicas') })),
  },
  {
    id: 'no-disruption-budget',
    level: RuleLevel.WARNING,
    title: 'several replicas without a PodDisruptionBudget',
    reason: 'Whoever drains nodes may evict all replicas at the same time.',
    mend: 'add a PodDisruptionBudget with maxUnavailable: 1 that selects the pods',
    kinds: WORKLOADS,
    check: (set) => severalReplicas(set).filter((server) => budgetsOf(set, server).length === 0)
      .map(({ object, replicas }) => ({ object, path: 'spec.replicas', given: replicas })),
  },
  {
    // policy/v1: an eviction that would break the budget is answered 429 until it would not.
    id: 'budget-blocks-drains',
    level: RuleLevel.WARNING,
    title: 'a PodDisruptionBudget that never lets a pod go',
    reason: 'No eviction is ever allowed, so the drain of a node hangs until someone deletes the pod by hand.',
    mend: 'set maxUnavailable: 1, with at least two replicas',
    kinds: ['PodDisruptionBudget'],
    check: (set) => set.servers.flatMap((server) => budgetsOf(set, server).flatMap((budget) => {
      const { maxUnavailable, minAvailable } = record(budget.spec);
      if (maxUnavailable === 0 || maxUnavailable === '0%') return [{ object: budget, path: 'spec.maxUnavailable', given: maxUnavailable }];
      return podsKept(minAvailable, server.replicas) >= server.replicas ? [{ object: budget, path: 'spec.minAvailable', given: minAvailable }] : [];
    })),
  },
  {
    id: 'replicas-on-one-node',
    level: RuleLevel.WARNING,
    title: 'several replicas that may all run on one node',
    reason: 'The scheduler may place them together, and then the loss of one node takes all of them.',
    mend: 'add podAntiAffinity or a topologySpreadConstraint by kubernetes.io/hostname',
    kinds: WORKLOADS,
    check: (set) => severalReplicas(set).filter(({ podSpec }) => !isSpread(podSpec))
      .map(({ object }) => ({ object, path: 'spec.template.spec.affinity.podAntiAffinity', given: undefined })),
  },
];

function severalReplicas({ servers }: ManifestSet): Workload[] {
  return servers.filter(({ object, replicas }) => replicas > 1 && object.kind !== 'DaemonSet');
}

function budgetsOf(set: ManifestSet, { namespace, podLabels }: Workload): Manifest[] {
  return set.ofKind('PodDisruptionBudget').filter((budget) =>
    sameNamespace(budget.metadata.namespace, namespace) && selects(valueAt(budget, 'spec', 'selector'), podLabels));
}

/** The disruption controller rounds a share up. */
function podsKept(minAvailable: unknown, replicas: number): number {
  if (typeof minAvailable === 'number') return minAvailable;
  const percent = typeof minAvailable === 'string' ? /^(\d+)%$/.exec(minAvailable)?.[1] : undefined;
  return percent === undefined ? 0 : Math.ceil(Number(percent) * replicas / 100);
}

function isSpread(podSpec: Workload['podSpec']): boolean {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred }
    = record(valueAt(podSpec, 'affinity', 'podAntiAffinity'));
  return [required, preferred, podSpec.topologySpreadConstraints].some((constraints) => list(constraints).length > 0);
}
