import { Duration, JsonPatch } from 'cdk8s';
import { Estimates } from './_nanny-checks';
import { NannyEstimator, NannyOptions } from './nanny-options';
import { PodDefaults } from '../_facts/pod';
import { Container, DeploymentSpec } from '../kubernetes/_k8s';
import { wireResources } from '../pod/_resources';
import { containerSecurityContext } from '../pod/_security-context';
import { ContainerResources } from '../pod/resources';
import { sorted } from '../validation/_plain';

const DEFAULT_RESOURCES: ContainerResources = { limits: { cpu: '40m', memory: '25Mi' }, requests: { cpu: '40m', memory: '25Mi' } };
/** As metrics-server's Helm chart has them. */
const CONFIGURATION = { volume: 'nanny-config-volume', directory: '/etc/config' };

/** What a nanny sizes, and how, once nothing is left to defaults. */
interface NannyTask {
  readonly deployment: string;
  readonly container: string;
  /** Those that the command line says. */
  readonly estimates: Estimates;
  readonly estimator: NannyEstimator;
  readonly threshold: number;
  /** Whether a ConfigMap is mounted that says more. */
  readonly isMounted: boolean;
}

/** Arguments of addon-resizer, without those that a user adds. */
export function nannyArgs(options: NannyOptions, { deployment, container, estimates, estimator, threshold, isMounted }: NannyTask): string[] {
  const { cpu, memory } = estimates;
  const { pollPeriod = Duration.minutes(5), scaleDownDelay, scaleUpDelay, useMetrics = false } = options;
  return [
    ...(isMounted ? [`--config-dir=${CONFIGURATION.directory}`] : []),
    ...(cpu ? [`--cpu=${cpu.base}`, `--extra-cpu=${cpu.perNode}`] : []),
    ...(memory ? [`--memory=${memory.base}`, `--extra-memory=${memory.perNode}`] : []),
    `--threshold=${threshold}`,
    `--deployment=${deployment}`,
    `--container=${container}`,
    `--poll-period=${pollPeriod.toMilliseconds()}`,
    `--estimator=${estimator._name}`,
    ...(estimator._minClusterSize === undefined ? [] : [`--minClusterSize=${estimator._minClusterSize}`]),
    ...(scaleDownDelay ? [`--scale-down-delay=${scaleDownDelay.toMilliseconds()}ms`] : []),
    ...(scaleUpDelay ? [`--scale-up-delay=${scaleUpDelay.toMilliseconds()}ms`] : []),
    ...(useMetrics ? ['--use-metrics=true'] : []),
  ];
}

interface NannyContainer {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly isMounted: boolean;
  readonly defaults: PodDefaults;
}

export function nannyContainer(options: NannyOptions, { name, image, args, isMounted, defaults }: NannyContainer): Container {
  return {
    name,
    image,
    imagePullPolicy: options.imagePullPolicy,
    command: ['/pod_nanny', ...args],
    env: [
      { name: 'MY_POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'MY_POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    ],
    resources: wireResources(options.resources ?? DEFAULT_RESOURCES),
    securityContext: containerSecurityContext(options.containerSecurityContext, defaults),
    volumeMounts: isMounted ? [{ name: CONFIGURATION.volume, mountPath: CONFIGURATION.directory, readOnly: true }] : undefined,
  };
}

/**
 * Adds a nanny to a Deployment, and takes the resources from the container that it sizes.
 *
 * @param container Name of that container
 * @param configMap Name of the ConfigMap that the nanny mounts, undefined without one
 */
export function nannyPatches(
  { template: { spec } }: DeploymentSpec, container: string, nanny: Container, configMap: string | undefined,
): JsonPatch[] {
  const index = spec.containers.findIndex(({ name }) => name === container);
  const volume = { name: CONFIGURATION.volume, configMap: { name: configMap } };
  return [
    JsonPatch.remove(`/spec/template/spec/containers/${index}/resources`),
    JsonPatch.add('/spec/template/spec/containers/-', sorted(nanny)),
    ...configMap === undefined ? [] : [JsonPatch.add('/spec/template/spec/volumes', [...spec.volumes ?? [], volume])],
  ];
}
