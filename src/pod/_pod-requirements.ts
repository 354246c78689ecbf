import { Affinity } from './affinity';
import { PodAffinityTerm } from './pod-affinity';
import { PodOptions } from './pod-options';
import { SeLinuxChangePolicy } from './pod-security-context';
import { SECCOMP_PROFILE_SINCE, TOPOLOGY_SPREAD_SINCE } from '../_facts/cluster-versions';
import { Requirement } from '../kubernetes/_cluster-version';

/** By the history of feature gates at kubernetes.io/docs/reference. */
export const POD_REQUIREMENTS: readonly Requirement<PodOptions>[] = [
  ...(['podSecurityContext', 'containerSecurityContext'] as const).map((property) => ({
    // Before, seccomp was set by annotation.
    property: `${property}.seccompProfile`,
    since: SECCOMP_PROFILE_SINCE,
    reason: 'older ones drop it',
    isUsed: (options: PodOptions) => options[property]?.seccompProfile !== undefined,
  })),
  {
    // ConfigurableFSGroupPolicy: on by default from 1.20.
    property: 'podSecurityContext.fsGroupChangePolicy',
    since: 20,
    reason: 'older ones drop it',
    isUsed: ({ podSecurityContext }) => podSecurityContext?.fsGroupChangePolicy !== undefined,
  },
  {
    // ExpandedDNSConfig: on by default from 1.26.
    property: 'dnsConfig.searches',
    since: 26,
    reason: 'older ones refuse more than 6, or than 256 characters together',
    isUsed: ({ dnsConfig: { searches = [] } = {} }) => searches.length > 6 || searches.join(' ').length > 256,
  },
  // UserNamespacesSupport: on by default from 1.33.
  { property: 'hostUsers', since: 33, reason: 'older ones drop it', isUsed: ({ hostUsers }) => hostUsers === false },
  ...(['podSecurityContext', 'containerSecurityContext'] as const).map((property) => ({
    // Before, AppArmor was set by annotation.
    property: `${property}.appArmorProfile`,
    since: 30,
    reason: 'older ones drop it',
    isUsed: (options: PodOptions) => options[property]?.appArmorProfile !== undefined,
  })),
  {
    // SupplementalGroupsPolicy and SELinuxChangePolicy: on by default from 1.33.
    property: 'podSecurityContext.supplementalGroupsPolicy',
    since: 33,
    reason: 'older ones drop it',
    isUsed: ({ podSecurityContext }) => podSecurityContext?.supplementalGroupsPolicy !== undefined,
  },
  {
    property: 'podSecurityContext.seLinuxChangePolicy',
    since: 33,
    reason: 'older ones drop it',
    isUsed: ({ podSecurityContext }) => podSecurityContext?.seLinuxChangePolicy !== undefined,
  },
  {
    // SELinuxMount: on by default from 1.37.
    property: 'podSecurityContext.seLinuxChangePolicy: MountOption',
    since: 37,
    reason: 'kube-apiservers before it refuse the pods',
    fails: true,
    isUsed: ({ podSecurityContext }) => podSecurityContext?.seLinuxChangePolicy === SeLinuxChangePolicy.MOUNT_OPTION,
  },
  {
    // EvenPodsSpread: on by default from 1.18.
    property: 'topologySpreadConstraints',
    since: TOPOLOGY_SPREAD_SINCE,
    reason: 'older ones drop them',
    isUsed: ({ topologySpreadConstraints = [] }) => topologySpreadConstraints.length > 0,
  },
  {
    // NodeInclusionPolicyInPodTopologySpread: on by default from 1.26.
    property: 'topologySpreadConstraints[].nodeAffinityPolicy, nodeTaintsPolicy',
    since: 26,
    reason: 'older ones drop them',
    isUsed: ({ topologySpreadConstraints = [] }) => topologySpreadConstraints.some((constraint) =>
      constraint.nodeAffinityPolicy !== undefined || constraint.nodeTaintsPolicy !== undefined),
  },
  {
    // MinDomainsInPodTopologySpread and MatchLabelKeysInPodTopologySpread: on by default from 1.27.
    property: 'topologySpreadConstraints[].minDomains, matchLabelKeys',
    since: 27,
    reason: 'older ones drop them',
    isUsed: ({ topologySpreadConstraints = [] }) => topologySpreadConstraints.some((constraint) =>
      constraint.minDomains !== undefined || constraint.matchLabelKeys !== undefined),
  },
  {
    // PodAffinityNamespaceSelector: on by default from 1.22.
    property: 'affinity.*.namespaceSelector',
    since: 22,
    reason: 'older ones drop it',
    isUsed: ({ affinity }) => podAffinityTerms(affinity).some(({ namespaceSelector }) => namespaceSelector !== undefined),
  },
  {
    // MatchLabelKeysInPodAffinity: on by default from 1.31.
    property: 'affinity.*.matchLabelKeys, mismatchLabelKeys',
    since: 31,
    reason: 'older ones drop them',
    isUsed: ({ affinity }) => podAffinityTerms(affinity).some(({ matchLabelKeys, mismatchLabelKeys }) =>
      matchLabelKeys !== undefined || mismatchLabelKeys !== undefined),
  },
];

function podAffinityTerms({ podAffinity, podAntiAffinity }: Affinity = {}): PodAffinityTerm[] {
  return [podAffinity, podAntiAffinity].flatMap((affinity) => [
    ...affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
}
