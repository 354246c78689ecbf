import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { CLUSTER_VERSION_ANNOTATION, minorOf, OLDEST_MINOR, UNHEALTHY_POD_EVICTION_SINCE } from './_facts/cluster-versions';
import { ImageFacts } from './_facts/images';
import { Check, refuse } from './_validation';
import { Affinity } from './affinity';
import { ExtensionApiServerOptions } from './extension-api-server-options';
import { PodAffinityTerm } from './pod-affinity';

/** A property that older clusters drop, ignore or refuse. */
interface Requirement {
  readonly property: string;
  /** Kubernetes minor from which on it does what it says, without a feature gate being set. */
  readonly since: number;
  readonly reason: string;
  isUsed(options: ExtensionApiServerOptions): boolean;
}

/** By the history of feature gates and APIs at kubernetes.io/docs/reference. */
const REQUIREMENTS: readonly Requirement[] = [
  {
    property: 'highAvailability',
    since: 21,
    reason: 'its PodDisruptionBudget is of policy/v1',
    isUsed: ({ highAvailability, replicas, disruptionBudget }) => !!highAvailability && replicas !== 1 && disruptionBudget?.enabled !== false,
  },
  { property: 'disruptionBudget', since: 21, reason: 'it is of policy/v1', isUsed: ({ disruptionBudget: budget }) => budget !== undefined && budget.enabled !== false },
  {
    property: 'disruptionBudget.unhealthyPodEvictionPolicy',
    since: UNHEALTHY_POD_EVICTION_SINCE,
    reason: 'older ones drop it',
    isUsed: ({ disruptionBudget }) => disruptionBudget?.unhealthyPodEvictionPolicy !== undefined,
  },
  // UserNamespacesSupport: on by default from 1.33.
  { property: 'hostUsers', since: 33, reason: 'older ones drop it', isUsed: ({ hostUsers }) => hostUsers === false },
  ...(['podSecurityContext', 'containerSecurityContext'] as const).map((property) => ({
    // Before, AppArmor was set by annotation.
    property: `${property}.appArmorProfile`,
    since: 30,
    reason: 'older ones drop it',
    isUsed: (options: ExtensionApiServerOptions) => options[property]?.appArmorProfile !== undefined,
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

export const checkClusterVersion: Check = (scope, property, version) => {
  if (typeof version === 'string' && minorOf(version) !== undefined) return;
  refuse(scope, {
    property,
    given: version,
    allowed: `a Kubernetes minor as text, from 1.${OLDEST_MINOR} on, without patch release`,
    mend: `write ${property} as in '1.34'`,
  });
};

/** Refuses properties that the cluster is too old for. */
export function checkClusterVersionTogether(scope: IConstruct, options: ExtensionApiServerOptions): void {
  const { clusterVersion } = options;
  if (clusterVersion === undefined) return;
  const minor = minorOf(clusterVersion)!;
  const missing = REQUIREMENTS.find(({ since, isUsed }) => minor < since && isUsed(options));
  if (!missing) return;
  refuse(scope, {
    property: missing.property,
    given: `set for a cluster of Kubernetes ${clusterVersion}`,
    allowed: `from Kubernetes 1.${missing.since} on: ${missing.reason}`,
    mend: `leave ${missing.property} out, or set clusterVersion to what the cluster runs`,
  });
}

/** Refuses an image that is too old or too new for the cluster. */
export function checkImageRunsOn(
  scope: IConstruct, reference: string, { oldestMinor, newestMinor }: ImageFacts, clusterVersion: string | undefined,
): void {
  if (clusterVersion === undefined) return;
  const minor = minorOf(clusterVersion)!;
  if (minor >= (oldestMinor ?? 0) && minor <= (newestMinor ?? Infinity)) return;
  refuse(scope, {
    property: 'image',
    given: `${reference} for a cluster of Kubernetes ${clusterVersion}`,
    allowed: newestMinor === undefined ? `from Kubernetes 1.${oldestMinor} on` : `up to Kubernetes 1.${newestMinor}`,
    mend: newestMinor === undefined ? 'use Image.upstream(\'v0.5.2\'), or upgrade the cluster' : 'leave image out, or choose a release from v0.4 on',
  });
}

/** Writes it where rules, reviewers and what is added to the Deployment later find it. */
export function recordClusterVersion(deployment: ApiObject, version: string | undefined): void {
  if (version !== undefined) deployment.metadata.addAnnotation(CLUSTER_VERSION_ANNOTATION, version);
}

/** Minor of the cluster that a Deployment was made for; undefined where nobody says. */
export function recordedMinor(metadata: { readonly annotations?: Readonly<Record<string, string>> }): number | undefined {
  return minorOf(metadata.annotations?.[CLUSTER_VERSION_ANNOTATION] ?? '');
}
