import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import {
  CLUSTER_VERSION_ANNOTATION, minorOf, OLDEST_MINOR, SECCOMP_PROFILE_SINCE, SIDECARS_SINCE, TOPOLOGY_SPREAD_SINCE, UNHEALTHY_POD_EVICTION_SINCE,
} from '../_facts/cluster-versions';
import { ImageFacts } from '../_facts/images';
import { PodDefaults } from '../_facts/pod';
import { ExtensionApiServerOptions } from '../extension-api-server/extension-api-server-options';
import { Affinity } from '../pod/affinity';
import { PodAffinityTerm } from '../pod/pod-affinity';
import { SeLinuxChangePolicy } from '../pod/pod-security-context';
import { Check, refuse } from '../validation/_validation';

/** A property that older clusters drop, ignore or refuse. */
interface Requirement {
  readonly property: string;
  /** Kubernetes minor from which on it does what it says, without a feature gate being set. */
  readonly since: number;
  readonly reason: string;
  /** Whether older ones refuse the object; then the cluster's version has to be said. */
  readonly fails?: true;
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
  ...(['podSecurityContext', 'containerSecurityContext'] as const).map((property) => ({
    // Before, seccomp was set by annotation.
    property: `${property}.seccompProfile`,
    since: SECCOMP_PROFILE_SINCE,
    reason: 'older ones drop it',
    isUsed: (options: ExtensionApiServerOptions) => options[property]?.seccompProfile !== undefined,
  })),
  {
    // ConfigurableFSGroupPolicy: on by default from 1.20.
    property: 'podSecurityContext.fsGroupChangePolicy',
    since: 20,
    reason: 'older ones drop it',
    isUsed: ({ podSecurityContext }) => podSecurityContext?.fsGroupChangePolicy !== undefined,
  },
  {
    // NamespaceDefaultLabelName: on by default from 1.21.
    property: 'networkPolicy.scraperNamespaces',
    since: 21,
    reason: 'older ones give namespaces no label with their name',
    isUsed: ({ networkPolicy }) => networkPolicy?.apiServerCidrs !== undefined && (networkPolicy.scraperNamespaces ?? []).length > 0,
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
  const minor = clusterVersion === undefined ? undefined : minorOf(clusterVersion)!;
  const missing = REQUIREMENTS.find(({ since, fails, isUsed }) => (minor === undefined ? fails : minor < since) && isUsed(options));
  if (!missing) return;
  refuse(scope, {
    property: missing.property,
    given: clusterVersion === undefined ? 'set without a clusterVersion' : `set for a cluster of Kubernetes ${clusterVersion}`,
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

/** Leaves out what the cluster is too old for, of what stands in pods and Services by default. */
export function defaultsOn(defaults: PodDefaults, clusterVersion: string | undefined): PodDefaults {
  const isOld = clusterVersion !== undefined && minorOf(clusterVersion)! < SECCOMP_PROFILE_SINCE;
  return isOld ? { ...defaults, lacksSeccompProfile: true, lacksAppProtocol: true } : defaults;
}

/** Refuses a sidecar where it would be waited for as for any init container, for ever. */
export function checkInitContainerOn(scope: IConstruct, container: { readonly [key: string]: unknown }, clusterVersion: string | undefined): void {
  if (container.restartPolicy === undefined || clusterVersion === undefined || minorOf(clusterVersion)! >= SIDECARS_SINCE) return;
  refuse(scope, {
    property: 'container.restartPolicy',
    given: `${String(container.restartPolicy)} for a cluster of Kubernetes ${clusterVersion}`,
    allowed: `from Kubernetes 1.${SIDECARS_SINCE} on: older ones drop it, and wait for the container to end`,
    mend: 'use addContainer(), or set clusterVersion to what the cluster runs',
  });
}

/** Writes it where rules, reviewers and what is added to the Deployment later find it. */
export function recordClusterVersion(scope: IConstruct, deployment: ApiObject, version: string | undefined): void {
  if (version === undefined) return;
  const recorded = recordedVersion(deployment);
  if (recorded !== undefined && recorded !== version) {
    refuse(scope, {
      property: 'clusterVersion',
      given: version,
      allowed: `${recorded}, which the Deployment was made for`,
      mend: 'leave it out here, or set it to what the cluster runs in both places',
    });
  }
  deployment.metadata.addAnnotation(CLUSTER_VERSION_ANNOTATION, version);
}

/** Version of the cluster that a Deployment was made for, as someone gave it; undefined where nobody says. */
export function recordedVersion(deployment: ApiObject): string | undefined {
  const version: unknown = deployment.toJson().metadata.annotations?.[CLUSTER_VERSION_ANNOTATION];
  return typeof version === 'string' && minorOf(version) !== undefined ? version : undefined;
}
