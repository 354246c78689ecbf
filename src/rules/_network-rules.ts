import { record, sameNamespace, selects, valueAt } from './_manifest';
import { Rule } from './_rule';
import { RuleLevel } from './rule-finding';

/** Rules about who may connect to servers, and whom they may connect to. */
export const NETWORK_RULES: readonly Rule[] = [
  {
    // Kubernetes' documentation of NetworkPolicies: most plug-ins cannot tell such a pod's traffic from its node's. One for all pods is not about it.
    id: 'network-policy-on-host-network',
    level: RuleLevel.WARNING,
    title: 'a NetworkPolicy for pods on the host\'s network',
    reason: 'Network plug-ins take the traffic of such pods for that of their node, and most do not apply NetworkPolicies to it: the policy protects nothing.',
    mend: 'remove hostNetwork, or the NetworkPolicy, and filter at the nodes instead',
    kinds: ['NetworkPolicy'],
    check: (set) => set.ofKind('NetworkPolicy')
      .filter((policy) => Object.keys(record(valueAt(policy, 'spec', 'podSelector'))).length > 0)
      .filter((policy) => set.servers.some(({ namespace, podLabels, podSpec }) => podSpec.hostNetwork === true
        && sameNamespace(policy.metadata.namespace, namespace) && selects(valueAt(policy, 'spec', 'podSelector'), podLabels)))
      .map((policy) => ({ object: policy, path: 'spec.podSelector', given: valueAt(policy, 'spec', 'podSelector') })),
  },
];
