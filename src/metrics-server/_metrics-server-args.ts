import { IConstruct } from 'constructs';
import { checkFlagOf, checkFlagsKnown } from './_image-flags-checks';
import { KubeletAccess } from './kubelet-access';
import { MetricsServerProps } from './metrics-server';
import {
  DEFAULT_METRIC_RETENTION_RESOLUTIONS, KUBELET_TIMEOUT_SHARE_OF_RESOLUTION, MAX_METRIC_RETENTION_RESOLUTIONS, MIN_METRIC_RESOLUTION_SECONDS,
} from '../_facts/flags';
import { ImageFacts, knowsFlag } from '../_facts/images';
import { KUBELET_PORT } from '../_facts/pod';
import { Shutdown } from '../extension-api-server/_shutdown';
import { goDuration } from '../kubernetes/_go-duration';
import { checkFlagsNotTaken, checkFlagSyntax } from '../pod/_args-checks';
import { refuse } from '../validation/_validation';

/** When no flag says otherwise. */
const DEFAULT_METRIC_RESOLUTION_MS = 60_000;
const DEFAULT_KUBELET_REQUEST_TIMEOUT_MS = 10_000;

/** Flags that a property can write, also when it does not: what extraArgs say would bypass its rights, volumes and checks. */
const PROPERTY_OF_FLAG: readonly (readonly [flag: string, property: string])[] = Object.entries({
  securePort: ['secure-port'],
  servingCertificate: [
    'cert-dir', 'tls-cert-file', 'tls-private-key-file', 'self-managed-cert-secret', 'self-managed-cert-service', 'remove-ca-bundle-of-service',
  ],
  kubeletAccess: [
    'kubeconfig', 'kubelet-certificate-authority', 'kubelet-client-certificate', 'kubelet-client-key', 'kubelet-insecure-tls',
    'deprecated-kubelet-completely-insecure',
  ],
  kubeletPort: ['kubelet-port'],
  kubeletUseNodeStatusPort: ['kubelet-use-node-status-port'],
  kubeletPreferredAddressTypes: ['kubelet-preferred-address-types'],
  kubeletSource: ['kubelet-source'],
  kubeletRequestTimeout: ['kubelet-request-timeout'],
  metricResolution: ['metric-resolution'],
  metricRetention: ['metric-retention'],
  watchContainerStates: ['watch-container-states'],
  nodeEvents: ['node-events'],
  upstreamCompatible: ['upstream-compatible'],
  shutdownDelay: ['shutdown-delay-duration'],
  scrapeNodeSelector: ['node-selector'],
}).flatMap(([property, flags]) => flags.map((flag) => [flag, property] as const));

/** A property's flag; without a value it is a switch. */
interface FlagSetting {
  readonly property: string;
  readonly flag: string;
  readonly value?: string;
}

/** Arguments of metrics-server. */
export interface MetricsServerArgs {
  /** Those that follow from the properties and from what its image's own manifests set, and then those of `extraArgs`. */
  readonly args: readonly string[];
  /** Refuses further ones that the image does not know or that a property can write. */
  readonly check: (scope: IConstruct, property: string, args: readonly string[]) => void;
}

export function metricsServerArgs(
  scope: IConstruct, props: MetricsServerProps, image: ImageFacts, access: KubeletAccess, { delay }: Shutdown,
): MetricsServerArgs {
  const settings = [
    ...access._parts.flags.map(([flag, value]) => ({ property: 'kubeletAccess', flag, value })),
    ...kubeletPort(scope, props, image, access),
    ...(props.kubeletSource ? [{ property: 'kubeletSource', flag: 'kubelet-source', value: props.kubeletSource }] : []),
    ...timing(scope, props, image),
    ...retention(scope, props, image),
    ...(props.watchContainerStates ? [{ property: 'watchContainerStates', flag: 'watch-container-states' }] : []),
    ...(props.nodeEvents ? [{ property: 'nodeEvents', flag: 'node-events' }] : []),
    ...(props.upstreamCompatible ? [{ property: 'upstreamCompatible', flag: 'upstream-compatible' }] : []),
    ...scrapeNodeSelector(props),
    ...(delay ? [{ property: 'shutdownDelay', flag: 'shutdown-delay-duration', value: goDuration(delay.toMilliseconds()) }] : []),
  ];
  for (const { property, flag, value } of settings) checkFlagOf(scope, image, property, flag, value ?? 'true');
  const args = settings.map(({ flag, value }) => value === undefined ? `--${flag}` : `--${flag}=${value}`);
  const propertyOfFlag = new Map([...PROPERTY_OF_FLAG, ...settings.map(({ flag, property }) => [flag, property] as const)]);
  const check: MetricsServerArgs['check'] = (...given) => checkExtraArgs(image, propertyOfFlag, ...given);
  check(scope, 'extraArgs', props.extraArgs ?? []);
  return { args: [...args, ...props.extraArgs ?? []], check };
}

/** A port of one's own stands against the node's status, which wins where both are asked for. */
function usesNodeStatusPort(props: MetricsServerProps, image: ImageFacts, access: KubeletAccess): boolean {
  return props.kubeletUseNodeStatusPort ?? (props.kubeletPort === undefined && !access._parts.readOnlyPort && !!image.useNodeStatusPort);
}

/** Ports that kubelets are asked at, as far as they are known: those that nodes' statuses say are the usual one. */
export function kubeletPorts(props: MetricsServerProps, image: ImageFacts, access: KubeletAccess): number[] {
  const given = props.kubeletPort ?? access._parts.readOnlyPort ?? KUBELET_PORT;
  return usesNodeStatusPort(props, image, access) ? [...new Set([KUBELET_PORT, given])] : [given];
}

function kubeletPort(scope: IConstruct, props: MetricsServerProps, image: ImageFacts, access: KubeletAccess): FlagSetting[] {
  if (access._parts.readOnlyPort && props.kubeletUseNodeStatusPort) {
    refuse(scope, {
      property: 'kubeletUseNodeStatusPort',
      given: 'true beside KubeletAccess.readOnlyPort()',
      allowed: 'false: the port in a node\'s status is the one that serves TLS, and plain HTTP is refused there',
      mend: 'leave kubeletUseNodeStatusPort out',
    });
  }
  if (access._parts.readOnlyPort && props.kubeletPort === KUBELET_PORT) {
    refuse(scope, {
      property: 'kubeletPort',
      given: `${KUBELET_PORT} beside KubeletAccess.readOnlyPort()`,
      allowed: 'the port of plain HTTP: this is the one that serves TLS',
      mend: `leave kubeletPort out for ${access._parts.readOnlyPort}, or choose another KubeletAccess`,
    });
  }
  const port = props.kubeletPort ?? access._parts.readOnlyPort;
  const addressTypes = props.kubeletPreferredAddressTypes?.map(({ name }) => name) ?? image.addressTypes;
  return [
    ...(port === undefined ? [] : [{ property: 'kubeletPort', flag: 'kubelet-port', value: String(port) }]),
    ...(addressTypes
      ? [{ property: 'kubeletPreferredAddressTypes', flag: 'kubelet-preferred-address-types', value: addressTypes.join() }]
      : []),
    ...(usesNodeStatusPort(props, image, access) ? [{ property: 'kubeletUseNodeStatusPort', flag: 'kubelet-use-node-status-port' }] : []),
  ];
}

function timing(scope: IConstruct, props: MetricsServerProps, image: ImageFacts): FlagSetting[] {
  const resolutionMs = resolutionOf(props, image);
  const timeoutMs = props.kubeletRequestTimeout?.toMilliseconds();
  if (resolutionMs !== undefined && resolutionMs < MIN_METRIC_RESOLUTION_SECONDS * 1000) {
    refuse(scope, {
      property: 'metricResolution',
      given: goDuration(resolutionMs),
      allowed: `${MIN_METRIC_RESOLUTION_SECONDS}s or more, since kubelets do not measure more often`,
      mend: `set metricResolution to Duration.seconds(${MIN_METRIC_RESOLUTION_SECONDS}) or more`,
    });
  }
  if (knowsFlag(image, 'kubelet-request-timeout')) {
    checkTimeoutFits(scope, resolutionMs ?? DEFAULT_METRIC_RESOLUTION_MS, timeoutMs ?? DEFAULT_KUBELET_REQUEST_TIMEOUT_MS);
  }
  return [
    ...(timeoutMs === undefined ? [] : [{ property: 'kubeletRequestTimeout', flag: 'kubelet-request-timeout', value: goDuration(timeoutMs) }]),
    ...(resolutionMs === undefined ? [] : [{ property: 'metricResolution', flag: 'metric-resolution', value: goDuration(resolutionMs) }]),
  ];
}

/** Undefined when it is left to the image's own default. */
function resolutionOf(props: MetricsServerProps, image: ImageFacts): number | undefined {
  return props.metricResolution?.toMilliseconds() ?? (image.metricResolutionSeconds && image.metricResolutionSeconds * 1000);
}

/** metrics-server does not start otherwise. */
function checkTimeoutFits(scope: IConstruct, resolutionMs: number, timeoutMs: number): void {
  if (resolutionMs * KUBELET_TIMEOUT_SHARE_OF_RESOLUTION >= timeoutMs) return;
  const least = Math.ceil(timeoutMs / KUBELET_TIMEOUT_SHARE_OF_RESOLUTION / 1000);
  const longest = Math.floor(resolutionMs * KUBELET_TIMEOUT_SHARE_OF_RESOLUTION);
  refuse(scope, {
    property: 'metricResolution',
    given: `${goDuration(resolutionMs)} with a kubelet request timeout of ${goDuration(timeoutMs)}`,
    allowed: `a timeout of at most ${KUBELET_TIMEOUT_SHARE_OF_RESOLUTION} of the resolution`,
    mend: `set metricResolution to Duration.seconds(${least}) or more, or kubeletRequestTimeout to ${goDuration(longest)} or less`,
  });
}

function retention(scope: IConstruct, props: MetricsServerProps, image: ImageFacts): FlagSetting[] {
  if (props.metricRetention === undefined) return [];
  const resolutionMs = resolutionOf(props, image) ?? DEFAULT_METRIC_RESOLUTION_MS;
  const retentionMs = props.metricRetention.toMilliseconds();
  const longestMs = MAX_METRIC_RETENTION_RESOLUTIONS * resolutionMs;
  if (retentionMs < resolutionMs || retentionMs > longestMs) {
    refuse(scope, {
      property: 'metricRetention',
      given: `${goDuration(retentionMs)} with a resolution of ${goDuration(resolutionMs)}`,
      allowed: `from ${goDuration(resolutionMs)} to ${goDuration(longestMs)}, one resolution to ${MAX_METRIC_RETENTION_RESOLUTIONS}`,
      mend: `set metricRetention to Duration.seconds(${Math.ceil(DEFAULT_METRIC_RETENTION_RESOLUTIONS * resolutionMs / 1000)}), or leave it out for that`,
    });
  }
  return [{ property: 'metricRetention', flag: 'metric-retention', value: goDuration(retentionMs) }];
}

function scrapeNodeSelector({ scrapeNodeSelector: selector }: MetricsServerProps): FlagSetting[] {
  return selector === undefined ? [] : [{ property: 'scrapeNodeSelector', flag: 'node-selector', value: selector }];
}

function checkExtraArgs(
  image: ImageFacts, propertyOfFlag: ReadonlyMap<string, string>, scope: IConstruct, property: string, args: readonly string[],
): void {
  checkFlagSyntax(scope, property, args);
  checkFlagsNotTaken(scope, property, args, propertyOfFlag);
  checkFlagsKnown(scope, image, property, args, propertyOfFlag);
}
