import { mergedResources, wireResources } from './_resources';
import { containerSecurityContext, wireSecurityContext } from './_security-context';
import { EnvValue } from './env-value';
import { PodOptions } from './pod-options';
import { ProbeOptions } from './probe-options';
import { ContainerResources } from './resources';
import { SchedulingOptions } from './scheduling-options';
import { Toleration } from './toleration';
import { KUBELET_PORT, PodDefaults } from '../_facts/pod';
import { AnyContainer, Container, DeploymentSpec, PodSpec, WireVolume, WireVolumeMount } from '../kubernetes/_k8s';
import { plain } from '../validation/_plain';

/** What the pod of an extension API server is made of. */
export interface PodProps extends PodOptions {
  readonly name: string;
  /** Labels of the pods, those of `podLabels` among them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly selectorLabels: Readonly<Record<string, string>>;
  readonly serviceAccountName: string;
  /** Whether the ServiceAccount is someone else's, who may have turned its token off, as cdk8s-plus does. */
  readonly givenServiceAccount: boolean;
  readonly image: string;
  readonly command?: readonly string[];
  readonly resources?: ContainerResources;
}

/** Instead of the kubelet's own port on the node's network. */
const HOST_NETWORK_PORT = 4443;

export function securePortOf({ securePort, hostNetwork }: PodOptions, defaults: PodDefaults): number {
  return securePort ?? (hostNetwork && defaults.securePort === KUBELET_PORT ? HOST_NETWORK_PORT : defaults.securePort);
}

/** The pod of an extension API server: what its properties say, and what is added until synth. */
export class Pod {
  /** Holds what is added later as well, for a Deployment refers to it. */
  public readonly template: DeploymentSpec['template'];
  private readonly spec: Mutable<PodSpec>;
  private readonly server: Mutable<Container>;

  constructor(given: PodProps, defaults: PodDefaults) {
    const props = plain(given);
    this.server = server(props, defaults);
    this.spec = podSpec(props, defaults, this.server);
    this.template = {
      metadata: { name: defaults.namedTemplate ? props.name : undefined, labels: props.labels, annotations: props.podAnnotations }, spec: this.spec,
    };
    const tmp = props.tmpVolume?._toWire() ?? { name: 'tmp-dir', emptyDir: {} };
    this.addVolume(tmp, { name: tmp.name, mountPath: '/tmp' });
    props.extraVolumes?.forEach((volume) => this.addVolume(volume._toWire()));
    this.server.volumeMounts = appended(this.server.volumeMounts, props.extraVolumeMounts);
  }

  public get args(): readonly string[] {
    return this.server.args ?? [];
  }

  public addArgs(args: readonly string[]): void {
    if (args.length > 0) this.server.args = appended(this.server.args, args);
  }

  public addVolume(volume: WireVolume, ...mounts: readonly WireVolumeMount[]): void {
    this.spec.volumes = appended(this.spec.volumes, [plain(volume)]);
    this.server.volumeMounts = appended(this.server.volumeMounts, mounts);
  }

  public addContainer(container: AnyContainer): void {
    this.spec.containers = appended(this.spec.containers, [plain(container)]);
  }

  public addInitContainer(container: AnyContainer): void {
    this.spec.initContainers = appended(this.spec.initContainers, [plain(container)]);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function appended<T>(list: readonly T[] = [], more: readonly T[] = []): readonly T[] {
  return [...list, ...more];
}

function podSpec(props: PodProps, defaults: PodDefaults, container: Container): PodSpec {
  return {
    serviceAccountName: props.serviceAccountName,
    // The pod's word counts: without a token the server could ask neither kube-apiserver nor kubelets.
    automountServiceAccountToken: props.givenServiceAccount ? true : undefined,
    imagePullSecrets: props.imagePullSecrets?.map(({ name }) => ({ name })),
    ...scheduling(props, defaults, props.selectorLabels),
    runtimeClassName: props.runtimeClassName,
    hostNetwork: props.hostNetwork || undefined,
    hostUsers: props.hostUsers,
    // ClusterFirst, the default, would mean the node's resolver, which knows no Services.
    dnsPolicy: props.hostNetwork ? 'ClusterFirstWithHostNet' : undefined,
    dnsConfig: props.dnsConfig,
    securityContext: props.podSecurityContext && wireSecurityContext(props.podSecurityContext),
    terminationGracePeriodSeconds: props.terminationGracePeriod?.toSeconds(),
    containers: [container],
  };
}

export function scheduling(given: SchedulingOptions, defaults: PodDefaults, selectorLabels: PodProps['selectorLabels']): Partial<PodSpec> {
  return {
    priorityClassName: (given.priorityClassName ?? defaults.priorityClassName) || undefined,
    nodeSelector: given.nodeSelector ?? defaults.nodeSelector,
    tolerations: given.tolerations?.map(wireToleration),
    affinity: given.affinity,
    // Without a selector Kubernetes would count no pod.
    topologySpreadConstraints: given.topologySpreadConstraints?.map((
      { maxSkew = 1, labelSelector = { matchLabels: selectorLabels }, ...rest },
    ) => ({ maxSkew, labelSelector, ...rest })),
    schedulerName: given.schedulerName,
  };
}

function server(props: PodProps, defaults: PodDefaults): Container {
  const securePort = securePortOf(props, defaults);
  const hostPort = props.hostNetwork ? securePort : undefined;
  const probe = (path: string, initialDelaySeconds: number | undefined, given?: ProbeOptions) => {
    if (!defaults.probes && !given) return undefined;
    return httpsProbe({ path, port: defaults.namedPort ? 'https' : securePort, initialDelaySeconds }, given);
  };
  const resources = mergedResources(props.resources);
  return {
    name: props.name,
    image: props.image,
    imagePullPolicy: props.imagePullPolicy ?? defaults.imagePullPolicy,
    command: props.command,
    env: props.env && wireEnv(props.env),
    ports: defaults.namedPort ? [{ name: 'https', containerPort: securePort, hostPort, protocol: 'TCP' }] : undefined,
    livenessProbe: probe('/livez', undefined, props.livenessProbe),
    readinessProbe: probe('/readyz', 20, props.readinessProbe),
    resources: resources && wireResources(resources),
    securityContext: containerSecurityContext(props.containerSecurityContext, defaults),
  };
}

/** In one order, whatever that of the properties. */
function wireEnv(env: Readonly<Record<string, EnvValue>>) {
  return Object.keys(env).sort().map((name) => ({ name, ...env[name]._toWire() }));
}

function httpsProbe(
  { path, port, initialDelaySeconds }: { path: string; port: string | number; initialDelaySeconds?: number }, given: ProbeOptions = {},
) {
  return {
    httpGet: { path: given.path ?? path, port, scheme: 'HTTPS' },
    initialDelaySeconds: given.initialDelay?.toSeconds() ?? initialDelaySeconds,
    periodSeconds: given.period?.toSeconds() ?? 10,
    timeoutSeconds: given.timeout?.toSeconds(),
    failureThreshold: given.failureThreshold ?? 3,
    successThreshold: given.successThreshold,
  };
}

/** As the Kubernetes API has it. */
function wireToleration({ key, value, effect, tolerationSeconds }: Toleration) {
  return { key, operator: value === undefined ? 'Exists' : 'Equal', value, effect, tolerationSeconds };
}
