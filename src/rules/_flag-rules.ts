import { FlagUse } from './_command-line';
import { ContainerUse, imageParts, isNamedMetricsServer, releaseFacts } from './_container';
import { ManifestSet, servingContainers, WORKLOADS } from './_manifest-set';
import { Fault, Rule } from './_rule';
import { RuleLevel } from './rule-finding';
import { droppedFlag } from '../_facts/flags';
import { isOlder, knowsFlag } from '../_facts/images';

/** Rules about the image of a metrics server and the flags it takes. */
export const FLAG_RULES: readonly Rule[] = [
  {
    id: 'removed-flag',
    level: RuleLevel.ERROR,
    title: 'a flag that metrics-server no longer takes',
    reason: 'An unknown flag ends metrics-server at once, with exit code 2. klog\'s flags, such as --logtostderr, went with v0.7.0; '
      + '--enable-swagger-ui and --source went earlier.',
    mend: 'remove the flag: the log goes to standard error anyway',
    kinds: WORKLOADS,
    check: (set) => flagsOfMetricsServers(set, (container, { name }) => {
      const dropped = droppedFlag(name);
      return dropped !== undefined && !isOlder(releaseFacts(container).release, dropped.until);
    }),
  },
  {
    id: 'flag-newer-than-image',
    level: RuleLevel.ERROR,
    title: 'a flag that this release of metrics-server does not take yet',
    reason: 'An unknown flag ends metrics-server at once, with exit code 2.',
    mend: 'use a release that knows the flag, or remove the flag',
    kinds: WORKLOADS,
    check: (set) => flagsOfMetricsServers(set, (container, { name }) => isUpstream(container) && knowsFlag(releaseFacts(container), name) === false),
  },
  {
    // The kubelet defaults imagePullPolicy to Always for these, so a restart may run another program.
    id: 'image-tag-latest',
    level: RuleLevel.WARNING,
    title: 'an image without a tag, or with the tag latest',
    reason: 'What runs changes when a pod happens to restart, replicas may differ, and there is no way back to what ran before.',
    mend: 'name a release or, better, a digest',
    kinds: WORKLOADS,
    check: (set) => set.servers.flatMap(({ object, containers }) => containers
      .filter(({ image }) => {
        const { tag = 'latest', digest } = imageParts(image);
        return tag === 'latest' && digest === undefined;
      })
      .map(({ image, path }) => ({ object, path: `${path}.image`, given: image }))),
  },
];

function flagsOfMetricsServers(set: ManifestSet, isWrong: (container: ContainerUse, flag: FlagUse) => boolean): Fault[] {
  return set.metricsServers.flatMap((server) => servingContainers(server).flatMap((container) => container.flags
    .filter((flag) => isWrong(container, flag))
    .map((flag) => ({ object: server.object, path: `${container.path}.${flag.path}`, given: `--${flag.name}=${flag.value}` }))));
}

/** A release that is known by its tag; the companion image carries the version of this package. */
function isUpstream(container: ContainerUse): boolean {
  return isNamedMetricsServer(container) && releaseFacts(container).release === imageParts(container.image).tag;
}
