import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { CLUSTER_VERSION_ANNOTATION, minorOf, OLDEST_MINOR, SECCOMP_PROFILE_SINCE, SIDECARS_SINCE } from '../_facts/cluster-versions';
import { ImageFacts } from '../_facts/images';
import { PodDefaults } from '../_facts/pod';
import { Check, refuse } from '../validation/_validation';

export const checkClusterVersion: Check = (scope, property, version) => {
  if (typeof version === 'string' && minorOf(version) !== undefined) return;
  refuse(scope, {
    property,
    given: version,
    allowed: `a Kubernetes minor as text, from 1.${OLDEST_MINOR} on, without patch release`,
    mend: `write ${property} as in '1.34'`,
  });
};

/** A property that clusters older than a Kubernetes minor drop, ignore or refuse. */
export interface Requirement<T> {
  readonly property: string;
  /** Kubernetes minor from which on it does what it says, without a feature gate being set. */
  readonly since: number;
  readonly reason: string;
  /** Whether older ones refuse the object; then the cluster's version has to be said. */
  readonly fails?: true;
  isUsed(options: T): boolean;
}

/** Refuses properties that the cluster is too old for. */
export function checkRequirements<T>(
  scope: IConstruct, options: T & { readonly clusterVersion?: string }, requirements: readonly Requirement<T>[],
): void {
  const { clusterVersion } = options;
  const minor = clusterVersion === undefined ? undefined : minorOf(clusterVersion)!;
  const missing = requirements.find(({ since, fails, isUsed }) => (minor === undefined ? fails : minor < since) && isUsed(options));
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
