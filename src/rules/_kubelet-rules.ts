import { FlagUse, goDurationMs, lastFlag, switchOn } from './_command-line';
import { ContainerUse, releaseFacts } from './_container';
import { ManifestSet, servingContainers, WORKLOADS } from './_manifest-set';
import { Fault, Rule } from './_rule';
import { RuleLevel } from './rule-finding';
import { KUBELET_TIMEOUT_SHARE_OF_RESOLUTION, MIN_METRIC_RESOLUTION_SECONDS } from '../_facts/flags';
import { knowsFlag } from '../_facts/images';

/** cAdvisor in the kubelet measures a container every 10 s, and every 15 s where nothing changes (maxHousekeepingInterval). */
const KUBELET_HOUSEKEEPING_MS = 15_000;

const DEFAULT_RESOLUTION = '1m0s';
const DEFAULT_KUBELET_TIMEOUT = '10s';

/** Flags of which metrics-server takes one and not the other (KubeletClientOptions.Validate). */
const EXCLUSIVE = [
  ['deprecated-kubelet-completely-insecure', 'kubelet-insecure-tls'],
  ['deprecated-kubelet-completely-insecure', 'kubelet-certificate-authority'],
  ['deprecated-kubelet-completely-insecure', 'kubelet-client-certificate'],
  ['deprecated-kubelet-completely-insecure', 'kubelet-client-key'],
  ['kubelet-insecure-tls', 'kubelet-certificate-authority'],
] as const;

/** Flags that need each other. */
const PAIR = ['kubelet-client-certificate', 'kubelet-client-key'] as const;

/** Rules about how metrics servers ask kubelets. */
export const KUBELET_RULES: readonly Rule[] = [
  {
    // metrics-server's README calls the flag one for tests.
    id: 'kubelet-insecure-tls',
    level: RuleLevel.INSECURE,
    title: 'the metrics server does not verify the certificates of kubelets',
    reason: 'Whoever can answer in a kubelet\'s place forges its metrics and receives the ServiceAccount\'s token, which reads every node\'s metrics.',
    mend: 'sign kubelets\' serving certificates by the cluster\'s CA (serverTLSBootstrap), or name their CA with --kubelet-certificate-authority, '
      + 'in our constructs KubeletAccess.certificateAuthority()',
    kinds: WORKLOADS,
    check: (set) => inMetricsServers(set, ({ flags }) => one(switchOn(flags, 'kubelet-insecure-tls'))),
  },
  {
    // Plain HTTP at the kubelets' read-only port, which kubelets close by default since Kubernetes 1.10.
    id: 'kubelet-completely-insecure',
    level: RuleLevel.INSECURE,
    title: 'the metrics server asks kubelets over plain HTTP',
    reason: 'The read-only port that this needs shows the pods and metrics of a node to whoever can reach it, and what comes from there can be forged.',
    mend: 'remove --deprecated-kubelet-completely-insecure and --kubelet-port, in our constructs KubeletAccess.readOnlyPort(), '
      + 'and close the kubelets\' read-only port',
    kinds: WORKLOADS,
    check: (set) => inMetricsServers(set, ({ flags }) => one(switchOn(flags, 'deprecated-kubelet-completely-insecure'))),
  },
  {
    id: 'exclusive-kubelet-flags',
    level: RuleLevel.ERROR,
    title: 'flags for the connection to kubelets contradict each other',
    reason: 'metrics-server does not start with an insecure flag beside one that verifies or shows a certificate, '
      + 'nor with a client certificate without its key or a key without its certificate.',
    mend: 'keep the one that is meant; give --kubelet-client-certificate and --kubelet-client-key together; in our constructs set kubeletAccess alone',
    kinds: WORKLOADS,
    check: (set) => inMetricsServers(set, ({ flags }) => [
      ...EXCLUSIVE.flatMap(([insecure, other]) => switchOn(flags, insecure) ? one(inUse(flags, other)) : []),
      ...PAIR.flatMap((flag, i) => inUse(flags, PAIR[1 - i]) ? [] : one(inUse(flags, flag))),
    ]),
  },
  {
    // metrics-server, Options.Validate: at least 10s; and Go's flags want a unit.
    id: 'metric-resolution-too-short',
    level: RuleLevel.ERROR,
    title: `--metric-resolution is below ${MIN_METRIC_RESOLUTION_SECONDS} s, or no duration`,
    reason: 'metrics-server does not start with it, for kubelets do not measure more often.',
    mend: 'set --metric-resolution=15s or more, with its unit; in our constructs metricResolution',
    kinds: WORKLOADS,
    check: (set) => inMetricsServers(set, ({ flags }) => {
      const flag = lastFlag(flags, 'metric-resolution');
      const ms = flag && goDurationMs(flag.value);
      return ms === undefined || ms < MIN_METRIC_RESOLUTION_SECONDS * 1000 ? one(flag) : [];
    }),
  },
  {
    id: 'metric-resolution-below-housekeeping',
    level: RuleLevel.WARNING,
    title: '--metric-resolution is shorter than the time between two measurements of the kubelet',
    reason: 'A kubelet measures each container every 10 to 15 s. Asked more often it repeats itself: the scrape costs and tells nothing new.',
    mend: 'set --metric-resolution=15s or more, in our constructs metricResolution; or acknowledge it where kubelets run with a shorter --housekeeping-interval',
    kinds: WORKLOADS,
    check: (set) => inMetricsServers(set, ({ flags }) => {
      const flag = lastFlag(flags, 'metric-resolution');
      const ms = flag && goDurationMs(flag.value);
      return ms !== undefined && ms >= MIN_METRIC_RESOLUTION_SECONDS * 1000 && ms < KUBELET_HOUSEKEEPING_MS ? one(flag) : [];
    }),
  },
  {
    // metrics-server, Options.Validate: 0.9 of the resolution must hold --kubelet-request-timeout. Before v0.7 the one followed from the other.
    id: 'kubelet-timeout-beyond-resolution',
    level: RuleLevel.ERROR,
    title: '--kubelet-request-timeout does not fit into --metric-resolution',
    reason: `metrics-server does not start unless the timeout is at most ${KUBELET_TIMEOUT_SHARE_OF_RESOLUTION} of the resolution. The defaults are 10s and 1m.`,
    mend: 'lower --kubelet-request-timeout, or raise --metric-resolution; in our constructs kubeletRequestTimeout and metricResolution',
    kinds: WORKLOADS,
    check: (set) => inMetricsServers(set, (container) => {
      if (knowsFlag(releaseFacts(container), 'kubelet-request-timeout') === false) return [];
      const resolution = lastFlag(container.flags, 'metric-resolution');
      const timeout = lastFlag(container.flags, 'kubelet-request-timeout');
      const resolutionMs = goDurationMs(resolution?.value ?? DEFAULT_RESOLUTION);
      const timeoutMs = goDurationMs(timeout?.value ?? DEFAULT_KUBELET_TIMEOUT);
      if (resolutionMs === undefined || timeoutMs === undefined) return [];
      return resolutionMs * KUBELET_TIMEOUT_SHARE_OF_RESOLUTION >= timeoutMs ? [] : one(timeout ?? resolution);
    }),
  },
];

function inMetricsServers(set: ManifestSet, find: (container: ContainerUse) => FlagUse[]): Fault[] {
  return set.metricsServers.flatMap((server) => servingContainers(server).flatMap((container) =>
    find(container).map((flag) => ({ object: server.object, path: `${container.path}.${flag.path}`, given: `--${flag.name}=${flag.value}` }))));
}

function one(flag: FlagUse | undefined): FlagUse[] {
  return flag ? [flag] : [];
}

/** A flag that says something: a switch that is on, or a text that is not empty. */
function inUse(flags: readonly FlagUse[], name: string): FlagUse | undefined {
  const flag = lastFlag(flags, name);
  return flag && flag.value !== '' && flag.value !== 'false' ? flag : undefined;
}
