import { lastFlag } from './_command-line';
import { ContainerUse, servingPort } from './_container';
import { asText, valueAt } from './_manifest';
import { ManifestSet, servingContainers, Workload, WORKLOADS } from './_manifest-set';
import { Rule } from './_rule';
import { RuleLevel } from './rule-finding';
import { FLAGS } from '../_facts/flags';
import { KUBELET_PORT } from '../_facts/pod';

const POD_SPEC = 'spec.template.spec';
const ALWAYS_ALLOW_PATHS = 'authorization-always-allow-paths';

/** Rules about the pods of extension API servers. */
export const POD_RULES: readonly Rule[] = [
  {
    // Pod.spec.dnsPolicy: with host network ClusterFirst falls back to Default, the node's own resolver.
    id: 'host-network-dns',
    level: RuleLevel.WARNING,
    title: 'pods on the host\'s network that ask the node\'s resolver',
    reason: 'On the host\'s network the policy ClusterFirst means the node\'s resolver, which knows no Services.',
    mend: 'set dnsPolicy to ClusterFirstWithHostNet',
    kinds: WORKLOADS,
    check: (set) => onHostNetwork(set).filter(({ podSpec }) => !['ClusterFirstWithHostNet', 'None'].includes(asText(podSpec.dnsPolicy)))
      .map(({ object, podSpec }) => ({ object, path: `${POD_SPEC}.dnsPolicy`, given: podSpec.dnsPolicy })),
  },
  {
    // Each node's kubelet listens on 10250 already.
    id: 'host-network-kubelet-port',
    level: RuleLevel.ERROR,
    title: `pods on the host's network that listen on the kubelet's port, ${KUBELET_PORT}`,
    reason: 'The kubelet of the node has that port, so the server cannot bind it and crashes forever.',
    mend: 'set another --secure-port, such as 4443, and the same container port; in our constructs securePort does both',
    kinds: WORKLOADS,
    check: (set) => onHostNetwork(set).flatMap((server) => servingContainers(server).filter((container) => servingPort(container) === KUBELET_PORT)
      .map(({ path }) => ({ object: server.object, path: `${path}.args`, given: `--secure-port=${KUBELET_PORT}` }))),
  },
  {
    // Images of metrics-server and of this package are for Linux alone.
    id: 'no-linux-node-selector',
    level: RuleLevel.WARNING,
    title: 'pods that may be placed on Windows nodes',
    reason: 'The image is for Linux. On a Windows node the pod never starts, and the scheduler does not try another.',
    mend: 'set nodeSelector to kubernetes.io/os: linux',
    kinds: WORKLOADS,
    check: (set) => set.metricsServers.filter(({ podSpec }) => !/"(beta\.)?kubernetes\.io\/os"/.test(JSON.stringify([podSpec.nodeSelector, podSpec.affinity])))
      .map(({ object, podSpec }) => ({ object, path: `${POD_SPEC}.nodeSelector`, given: podSpec.nodeSelector })),
  },
  {
    // Passing the flag once replaces its default; the Helm chart's metrics.enabled passes /metrics alone.
    id: 'probe-paths-need-authorization',
    level: RuleLevel.WARNING,
    title: '--authorization-always-allow-paths leaves out the paths that the kubelet probes',
    reason: 'The flag replaces its default, which held them. Each probe then asks kube-apiserver for permission: while that is away, '
      + 'the liveness probe fails and the kubelet kills a server that is well.',
    mend: 'name them as well: --authorization-always-allow-paths=/healthz,/readyz,/livez and then what you add',
    kinds: WORKLOADS,
    check: (set) => set.servers.flatMap((server) => servingContainers(server).flatMap((container) => {
      const flag = lastFlag(container.flags, ALWAYS_ALLOW_PATHS);
      if (!flag || probedPaths(container).every((path) => isAlwaysAllowed(container, path))) return [];
      return [{ object: server.object, path: `${container.path}.${flag.path}`, given: `--${flag.name}=${flag.value}` }];
    })),
  },
  {
    id: 'public-metrics',
    level: RuleLevel.WARNING,
    title: 'the server\'s own metrics are shown to whoever reaches it',
    reason: '--authorization-always-allow-paths lets /metrics pass without asking who reads. Its series name nodes and count requests.',
    mend: 'remove /metrics from the flag, and give the scraper a token and a ClusterRole with get on the nonResourceURL /metrics',
    kinds: WORKLOADS,
    check: (set) => set.servers.flatMap((server) => servingContainers(server).flatMap((container) => {
      const flag = lastFlag(container.flags, ALWAYS_ALLOW_PATHS);
      if (!flag || !isAlwaysAllowed(container, '/metrics')) return [];
      return [{ object: server.object, path: `${container.path}.${flag.path}`, given: `--${flag.name}=${flag.value}` }];
    })),
  },
];

/** Whether a path is served without authorization. As k8s.io/apiserver has it: a trailing * is a prefix, a leading / may be left out. */
export function isAlwaysAllowed({ flags }: ContainerUse, path: string): boolean {
  const allowed = lastFlag(flags, ALWAYS_ALLOW_PATHS)?.value ?? FLAGS.find(({ name }) => name === ALWAYS_ALLOW_PATHS)!.default;
  return allowed.split(',').map((entry) => entry.trim().replace(/^\/?/, '/')).some((entry) =>
    entry.endsWith('*') ? path.startsWith(entry.slice(0, -1)) : path === entry);
}

function probedPaths({ spec }: ContainerUse): string[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) => {
    const path = valueAt(spec, probe, 'httpGet', 'path');
    return typeof path === 'string' ? [path.split('?')[0]] : [];
  });
}

function onHostNetwork({ servers }: ManifestSet): Workload[] {
  return servers.filter(({ podSpec }) => podSpec.hostNetwork === true);
}
