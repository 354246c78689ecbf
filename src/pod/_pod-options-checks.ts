import { isIP } from 'net';
import { IConstruct } from 'constructs';
import { checkAffinity, checkSpread } from './_affinity-checks';
import { checkEnv } from './_env-checks';
import { checkToleration } from './_pod-checks';
import { containerSecurityContext } from './_security-context';
import { checkContainerSecurityContext, checkMergedSecurityContext, checkPodSecurityContext } from './_security-context-checks';
import { checkMount } from './_volume-checks';
import { DnsConfig, DnsOption } from './dns-config';
import { ImagePullPolicy } from './image';
import { PodOptions } from './pod-options';
import { ProbeOptions } from './probe-options';
import { SchedulingOptions } from './scheduling-options';
import { Volume } from './volume';
import { KUBELET_PORT, PodDefaults } from '../_facts/pod';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { SecretRef } from '../kubernetes/references';
import { allOf, emptyOr, fieldsOf, instanceOf, listOf, memberOf, OptionalChecks, wholeNumber } from '../validation/_checks';
import {
  Check, checkAnnotations, checkBoolean, checkLabels, checkObjectName, checkPort, checkSeconds, checkText, MAX_INT32, refuse,
} from '../validation/_validation';

const seconds = (min: 0 | 1): Check => (scope, property, value) => checkSeconds(scope, property, value, min);
const atLeastOne = wholeNumber(1, MAX_INT32);

const PROBE_CHECKS: OptionalChecks<ProbeOptions> = {
  path: (scope, property, path) => {
    if (typeof path === 'string' && path.startsWith('/')) return;
    refuse(scope, { property, given: path, allowed: 'a path that begins with /', mend: `write ${property} as in '/healthz'` });
  },
  initialDelay: seconds(0),
  period: seconds(1),
  timeout: seconds(1),
  failureThreshold: atLeastOne,
  successThreshold: atLeastOne,
};

/** Of a Probe as the Kubernetes API has it. */
const INSTEAD_IN_PROBES = {
  httpGet: 'write its path as path, as in { path: \'/healthz\' }: the server is asked over HTTPS, at the port that it serves on',
  initialDelaySeconds: 'write initialDelay, as in { initialDelay: Duration.seconds(20) }',
  periodSeconds: 'write period, as in { period: Duration.seconds(10) }',
  timeoutSeconds: 'write timeout, as in { timeout: Duration.seconds(5) }',
};

/** At most so many, since the resolver reads no more. */
const atMost = (count: number): Check => (scope, property, value) => {
  const { length } = value as unknown[];
  if (length > count) refuse(scope, { property, given: `${length} of them`, allowed: `up to ${count}`, mend: `leave those out of ${property} that are needed least` });
};

const checkIpAddress: Check = (scope, property, value) => {
  if (typeof value === 'string' && isIP(value)) return;
  refuse(scope, { property, given: value, allowed: 'an IP address', mend: `write ${property} as in '10.96.0.10'` });
};

const MAX_SEARCH_CHARACTERS = 2048;

/** Limits of the Kubernetes API on `dnsConfig`. A search domain may end with a dot, and may have underscores. */
const checkSearches = allOf(
  listOf((scope, property, value) => {
    if (typeof value === 'string' && (value === '.' || (value.length <= 253 && /^[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?(\.[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?)*\.?$/.test(value)))) return;
    refuse(scope, { property, given: value, allowed: 'a domain in lower case', mend: `write ${property} as in 'svc.cluster.local'` });
  }),
  atMost(32),
  (scope, property, value) => {
    const { length } = (value as string[]).join(' ');
    if (length <= MAX_SEARCH_CHARACTERS) return;
    refuse(scope, { property, given: `${length} characters`, allowed: `up to ${MAX_SEARCH_CHARACTERS} characters together`, mend: 'leave out those that are needed least' });
  },
);

const checkOptionName: Check = (scope, property, value) => {
  if (typeof value === 'string' && /^[^\s:]+$/.test(value)) return;
  refuse(scope, { property, given: value, allowed: 'the name of an option of resolv.conf', mend: 'write the value beside it, as in { name: \'ndots\', value: \'2\' }' });
};

export const SCHEDULING_CHECKS: OptionalChecks<SchedulingOptions> = {
  priorityClassName: emptyOr(checkObjectName),
  tolerations: listOf(checkToleration),
  nodeSelector: checkLabels,
  affinity: checkAffinity,
  topologySpreadConstraints: checkSpread,
  schedulerName: checkObjectName,
};

export const POD_CHECKS: OptionalChecks<PodOptions> = {
  ...SCHEDULING_CHECKS,
  podLabels: checkLabels,
  podAnnotations: checkAnnotations,
  imagePullPolicy: memberOf('ImagePullPolicy', ImagePullPolicy),
  imagePullSecrets: listOf(referenceTo(SecretRef, checkObjectName)),
  runtimeClassName: checkObjectName,
  securePort: checkPort,
  hostNetwork: checkBoolean,
  hostUsers: checkBoolean,
  dnsConfig: fieldsOf<DnsConfig>({}, {
    nameservers: allOf(listOf(checkIpAddress), atMost(3)),
    searches: checkSearches,
    options: listOf(fieldsOf<DnsOption>({ name: checkOptionName }, { value: checkText })),
  }),
  podSecurityContext: checkPodSecurityContext,
  containerSecurityContext: checkContainerSecurityContext,
  livenessProbe: fieldsOf<ProbeOptions>({}, {
    ...PROBE_CHECKS,
    // A container that runs is alive until a probe fails.
    successThreshold: wholeNumber(1, 1),
  }, INSTEAD_IN_PROBES),
  readinessProbe: fieldsOf<ProbeOptions>({}, PROBE_CHECKS, INSTEAD_IN_PROBES),
  terminationGracePeriod: seconds(0),
  env: checkEnv,
  tmpVolume: instanceOf(Volume),
  extraVolumes: listOf(instanceOf(Volume)),
  extraVolumeMounts: listOf(checkMount),
};

/** What the properties of a pod show together, and with what its image needs. */
export function checkPodTogether(scope: IConstruct, props: PodOptions, namespace: string, defaults: PodDefaults): void {
  checkPullSecrets(scope, props, namespace);
  Object.entries(props.env ?? {}).forEach(([name, value]) => value._check(scope, `env['${name}']`, namespace));
  props.tmpVolume?._check(scope, 'tmpVolume', namespace);
  props.extraVolumes?.forEach((volume, i) => volume._check(scope, `extraVolumes[${i}]`, namespace));
  if (props.hostNetwork) checkHostNetwork(scope, props);
  checkMergedSecurityContext(scope, 'containerSecurityContext', containerSecurityContext(props.containerSecurityContext, defaults) ?? {});
  for (const property of ['livenessProbe', 'readinessProbe'] as const) {
    if (defaults.probes || !props[property] || props[property].path !== undefined) continue;
    refuse(scope, { property: `${property}.path`, given: undefined, allowed: 'a path that the image serves, which is not probed by default', mend: `set ${property}.path, such as /healthz` });
  }
}

function checkPullSecrets(scope: IConstruct, { imagePullSecrets = [] }: PodOptions, namespace: string): void {
  imagePullSecrets.forEach((secret, i) => {
    checkSameNamespace(scope, `imagePullSecrets[${i}]`, secret, namespace);
    if (imagePullSecrets.findIndex(({ name }) => name === secret.name) === i) return;
    refuse(scope, { property: `imagePullSecrets[${i}]`, given: secret.name, allowed: 'each Secret once', mend: 'remove the second' });
  });
}

/** What the node's network leaves no room for. */
function checkHostNetwork(scope: IConstruct, { securePort, hostUsers, podSecurityContext }: PodOptions): void {
  if (securePort === KUBELET_PORT) {
    refuse(scope, {
      property: 'securePort',
      given: `${securePort} beside hostNetwork`,
      allowed: 'another port: on each node the kubelet has this one, and the server would crash for ever',
      mend: 'leave securePort out, or set it to another port, such as 4443',
    });
  }
  if (hostUsers === false) {
    refuse(scope, {
      property: 'hostUsers',
      given: 'false beside hostNetwork',
      allowed: 'true: Kubernetes gives a pod on the node\'s network no user namespace of its own',
      mend: 'leave hostUsers out, or hostNetwork',
    });
  }
  const sysctl = podSecurityContext?.sysctls?.findIndex(({ name }) => /^net[./]/.test(name)) ?? -1;
  if (sysctl < 0) return;
  refuse(scope, {
    property: `podSecurityContext.sysctls[${sysctl}].name`,
    given: `${podSecurityContext!.sysctls![sysctl].name} beside hostNetwork`,
    allowed: 'parameters that are not the node\'s own: the kubelet refuses such a pod',
    mend: 'remove it, or leave hostNetwork out',
  });
}
