import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { FLAGS, KUBELET_TIMEOUT_SHARE_OF_RESOLUTION, MIN_METRIC_RESOLUTION_SECONDS, NODE_ADDRESS_TYPES } from './_facts/flags';
import { ImageFacts, knowsFlag } from './_facts/images';
import { checkPort, refuse } from './_validation';
import { KubeletAccess } from './kubelet-access';
import { MetricsServerProps } from './metrics-server';
import { NodeAddressType } from './node-address-type';

/** When no flag says otherwise. */
const DEFAULT_METRIC_RESOLUTION_MS = 60_000;
const DEFAULT_KUBELET_REQUEST_TIMEOUT_MS = 10_000;

/** A property's flag; without a value it is a switch. */
interface FlagSetting {
  readonly property: string;
  readonly flag: string;
  readonly value?: string;
}

/** Arguments of metrics-server that follow from the properties and from what its image's own manifests set. */
export function metricsServerArgs(scope: IConstruct, props: MetricsServerProps, image: ImageFacts, access: KubeletAccess): string[] {
  const settings = [
    ...access._parts.flags.map(([flag, value]) => ({ property: 'kubeletAccess', flag, value })),
    ...kubeletPort(scope, props, image, access),
    ...timing(scope, props, image),
    ...scrapeNodeSelector(scope, props),
  ];
  for (const { property, flag, value } of settings) checkFlag(scope, image, property, flag, value ?? 'true');
  const args = settings.map(({ flag, value }) => value === undefined ? `--${flag}` : `--${flag}=${value}`);
  checkExtraArgs(scope, image, args, props.extraArgs ?? []);
  return [...args, ...props.extraArgs ?? []];
}

function kubeletPort(scope: IConstruct, props: MetricsServerProps, image: ImageFacts, access: KubeletAccess): FlagSetting[] {
  checkPort(scope, 'kubeletPort', props.kubeletPort);
  const port = props.kubeletPort ?? access._parts.readOnlyPort;
  // A port of one's own stands against the node's status, which wins where both are asked for.
  const useNodeStatusPort = props.kubeletUseNodeStatusPort ?? (port === undefined && image.useNodeStatusPort);
  const addressTypes = props.kubeletPreferredAddressTypes
    ? addressTypeNames(scope, props.kubeletPreferredAddressTypes)
    : image.addressTypes;
  return [
    ...(port === undefined ? [] : [{ property: 'kubeletPort', flag: 'kubelet-port', value: String(port) }]),
    ...(addressTypes
      ? [{ property: 'kubeletPreferredAddressTypes', flag: 'kubelet-preferred-address-types', value: addressTypes.join() }]
      : []),
    ...(useNodeStatusPort ? [{ property: 'kubeletUseNodeStatusPort', flag: 'kubelet-use-node-status-port' }] : []),
  ];
}

function addressTypeNames(scope: IConstruct, types: NodeAddressType[]): string[] {
  const property = 'kubeletPreferredAddressTypes';
  const names = types.map((type) => type?.name ?? type);
  const wrong = names.find((name, i) => !(NODE_ADDRESS_TYPES as readonly unknown[]).includes(name) || names.indexOf(name) < i);
  if (names.length > 0 && wrong === undefined && types.every((type) => type instanceof NodeAddressType)) return names;
  return refuse(scope, {
    property,
    given: names,
    allowed: `one or more of ${NODE_ADDRESS_TYPES.join(', ')}, each once`,
    mend: 'use members of NodeAddressType, such as NodeAddressType.INTERNAL_IP, or leave the property out',
  });
}

function timing(scope: IConstruct, props: MetricsServerProps, image: ImageFacts): FlagSetting[] {
  const imageDefaultMs = image.metricResolutionSeconds && image.metricResolutionSeconds * 1000;
  const resolutionMs = props.metricResolution ? milliseconds(scope, 'metricResolution', props.metricResolution) : imageDefaultMs;
  const timeoutMs = props.kubeletRequestTimeout && milliseconds(scope, 'kubeletRequestTimeout', props.kubeletRequestTimeout);
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

function milliseconds(scope: IConstruct, property: string, duration: Duration): number {
  const ms = typeof duration?.toMilliseconds === 'function' ? duration.toMilliseconds() : undefined;
  if (ms !== undefined && ms > 0) return ms;
  return refuse(scope, {
    property, given: ms === undefined ? duration : `${ms}ms`, allowed: 'a Duration above zero', mend: `write ${property} as in Duration.seconds(15)`,
  });
}

/** A duration as Go's flags take it. */
function goDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

const KEY = String.raw`[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?(/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const VALUE = '([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?';
const REQUIREMENT = String.raw`\s*(!?\s*${KEY}|${KEY}\s*(==?|!=)\s*${VALUE}|${KEY}\s+(in|notin)\s*\(\s*${VALUE}\s*(,\s*${VALUE}\s*)*\))\s*`;
const LABEL_SELECTOR = new RegExp(`^${REQUIREMENT}(,${REQUIREMENT})*$`);

function scrapeNodeSelector(scope: IConstruct, { scrapeNodeSelector: selector }: MetricsServerProps): FlagSetting[] {
  if (selector === undefined) return [];
  if (typeof selector !== 'string' || !LABEL_SELECTOR.test(selector)) {
    refuse(scope, {
      property: 'scrapeNodeSelector',
      given: selector,
      allowed: 'a label selector: key, !key, key=value, key!=value, key in (a,b), key notin (a,b), separated by commas',
      mend: 'write it as for kubectl get nodes --selector',
    });
  }
  return [{ property: 'scrapeNodeSelector', flag: 'node-selector', value: selector }];
}

function checkFlag(scope: IConstruct, image: ImageFacts, property: string, name: string, given: string): void {
  if (knowsFlag(image, name) !== false) return;
  const flag = FLAGS.find((f) => f.name === name);
  if (!flag) refuse(scope, { property, given, allowed: 'flags of the companion image; see its --help', mend: `correct or remove --${name}` });
  refuse(scope, {
    property,
    given: `${given}, which needs --${name}, with metrics-server ${image.release}`,
    allowed: flag.section === 'Companion' ? 'with the companion image only' : `with metrics-server ${flag.since} or newer`,
    mend: `leave ${property} out, or choose such an image`,
  });
}

function checkExtraArgs(scope: IConstruct, image: ImageFacts, args: readonly string[], extraArgs: readonly string[]): void {
  const written = args.map(flagName);
  extraArgs.forEach((arg, i) => {
    const property = `extraArgs[${i}]`;
    if (typeof arg !== 'string' || !/^-(-[a-z]|[a-z])\S*/.test(arg)) {
      refuse(scope, { property, given: arg, allowed: '--flag or --flag=value, each in an element of its own', mend: 'write it as in --v=2' });
    }
    // Shorthands such as -v are the image's business.
    if (!arg.startsWith('--')) return;
    const name = flagName(arg);
    if (written.includes(name)) {
      refuse(scope, {
        property, given: arg, allowed: `flags that no property writes; --${name} stands there already`, mend: `set the property instead of --${name}`,
      });
    }
    checkFlag(scope, image, property, name, arg);
  });
}

function flagName(arg: string): string {
  return arg.replace(/^--/, '').split('=')[0];
}
